package elsewhere

import "musubi/core/feature"

// Feature is what the room brings: members are told of nothing there, and nothing there is commented, found or reported.
func Feature(*Service) feature.Feature { return feature.Feature{Name: "elsewhere"} }
