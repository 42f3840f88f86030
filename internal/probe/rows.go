package probe

import "slices"

// Rows is the table. Each row says what must be seen for one cause. docs/probe.md
// lists them all, with the test for each.
var Rows = slices.Concat(networkRows, passRows, headerRows, pathRows, refusalRows, gatewayRows, holdRows, layerRows)
