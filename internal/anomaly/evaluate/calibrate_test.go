package evaluate

import (
	"os"
	"testing"
)

func TestShow(t *testing.T) {
	if err := Run(CalibrationSeeds).Write(os.Stdout); err != nil {
		t.Fatal(err)
	}
}
