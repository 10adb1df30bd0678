package calendar

import "musubi/core/feature"

// Feature is what the calendar brings: nobody is told of one's own dates, comments on them or finds them.
func Feature(*Service) feature.Feature { return feature.Feature{Name: "calendar"} }
