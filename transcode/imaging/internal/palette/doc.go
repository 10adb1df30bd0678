// Package palette reduces pictures to few colours: it finds the colours that suit a picture (Best), or takes a
// display's own (Cube332, Greys), and draws the picture in them, dithered (Map).
//
// Colours are found by variance: the box of colours with the largest spread is cut where that lowers the spread most,
// until there are enough boxes, and one round of k-means moves each colour to the middle of the pixels that fall to
// it. A pixel's colour is looked up in a map by its upper 5-6-5 bits, which is filled as pixels ask for it.
//
// On transparency: pixels whose alpha is below half are transparent, all others opaque.
package palette
