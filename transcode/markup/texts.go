package markup

// Texts tells name and value of each text field of a page, as [Writer.Write] gives them to a handset.
func (t *Tree) Texts(tell func(name, value []byte)) {
	w := Writer{tree: t}
	for k := range t.Nodes {
		i := int32(k)
		switch t.Nodes[i].Tag {
		case TagTextarea:
			tell(t.Value(i, AttrName), t.areaText(i))
		case TagInput:
			if typ := inputType(t.Value(i, AttrType)); typ == typeText || typ == typePassword {
				tell(t.Value(i, AttrName), w.fieldValue(i))
			}
		}
	}
}
