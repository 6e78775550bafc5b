package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)
