// Package video makes of a film what phones and browsers play: MP4 for the page, FLV for a PC of 2007, 3GP and 3G2 for
// handsets by their row, cut into parts that fit.
//
// The work is done by ffmpeg, a program beside ours, which reads files that strangers made. So it runs without network, in a
// directory that holds nothing but the film, reads containers and codecs of a list, and is bounded in processor time,
// memory, bytes and time of day ([Limits]). Of the film nothing but pictures and sound gets through: places, names and
// dates are left out.
//
// [Find] looks for the programs once, at start. [Tools.Open] takes a film into a directory and looks at it; [Job.Poster] and
// [Job.Render] make what is wanted. docs/video.md has the rules. A [Refusal] is the film's fault; any other error is ours.
package video
