package review

// A Category is what kind of thing a product is. The numbers are stored.
type Category uint8

// Categories, of which 0 is none: in a list all of them. There are fifteen, as in the model.
const (
	AnyCategory Category = iota
	Book
	Comic
	Magazine
	ForeignBook
	Music
	ClassicalMusic
	Film
	Game
	Software
	Electronics
	Kitchen
	Toy
	Sport
	Beauty
	OtherThing
	categoryCount
)

// Categories are those that can be chosen.
func Categories() (all []Category) {
	for c := Book; c < categoryCount; c++ {
		all = append(all, c)
	}
	return all
}

func (c Category) valid() bool { return c > AnyCategory && c < categoryCount }

// categoryNames are how files and importers write them, beside the numbers.
var categoryNames = [categoryCount]string{"", "book", "comic", "magazine", "foreign-book", "music", "classical", "film", "game", "software",
	"electronics", "kitchen", "toy", "sport", "beauty", "other"}
