// Package picture draws ECharts options as pictures without a browser, for
// documents and mail: ECharts runs in goja and gives SVG, resvg runs as
// WebAssembly in wazero and makes PNG of it. Neither reaches the file system or
// the network. The same option gives the same picture on machines with the same
// font.
package picture
