package probe

import "slices"

// Rows are the table. Each says of one cause what has to be seen for it; docs/probe.md
// has them all, with the test that shows each.
var Rows = slices.Concat(networkRows, passRows, headerRows, pathRows, refusalRows, gatewayRows, holdRows, layerRows)
