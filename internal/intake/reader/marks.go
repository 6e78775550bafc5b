package reader

import "regexp"

// footnoteMark is what a raised or lowered text is when it marks a note: glued
// to a figure it would make another one, 5 with a note 1 becoming 51.
var footnoteMark = regexp.MustCompile(`^\s*(注?\s*[\[\(（〔【①-⑳*＊※†‡#a-zA-Z]?\s*[0-9０-９]{0,3}\s*[\]\)）〕】*]?|[*＊※†‡]{1,3})\s*$`)

// Warnings on what is left out beside a figure.
const (
	warnStruck = "有%d处带删除线的文字没有读入,请对照原件核对这些数字。"
	warnNotes  = "有%d处上标或下标的注码没有读入,请对照原件核对这些数字。"
)
