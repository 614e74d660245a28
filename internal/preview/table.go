package preview

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"anytap/internal/value"
)

// Table is records as rows, with a column for each field.
type Table struct {
	columns []string
	rows    [][]string // the texts of a row's cells; a row may be short
	texts   []bool     // columns that hold what is no number
	at      map[string]int
}

// Add adds a record. Columns come in the order in which their fields are first seen.
func (t *Table) Add(record *value.Dict) {
	if t.at == nil {
		t.at = map[string]int{}
	}
	row := make([]string, len(t.columns))
	for name, v := range record.All() {
		i, known := t.at[name]
		if !known {
			i = len(t.columns)
			t.at[name] = i
			t.columns, t.texts, row = append(t.columns, strings.Map(plain, name)), append(t.texts, false), append(row, "")
		}
		text, isNumber := cell(v)
		row[i] = text
		t.texts[i] = t.texts[i] || !isNumber && v != nil
	}
	t.rows = append(t.rows, row)
}

// Rows is how many records there are.
func (t *Table) Rows() int { return len(t.rows) }

// longestCell is how much of a value is kept, in characters.
const longestCell = 200

// cell is the text of a value: nested ones as JSON, without what a terminal would act on.
func cell(v any) (text string, isNumber bool) {
	text, isText := v.(string)
	switch v.(type) {
	case nil:
		return "", false
	case *value.Dict, *value.List, bool:
	default:
		isNumber = !isText
	}
	if !isText {
		text = string(value.Append(nil, v))
	}
	return strings.Map(plain, cut(text, longestCell)), isNumber
}

// plain replaces what moves the cursor, changes colors or the direction of writing.
func plain(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return ' '
	case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
		return unicode.ReplacementChar
	}
	return r
}

// cells is how many columns of a terminal a character takes.
func cells(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func widthOf(text string) int {
	n := 0
	for _, r := range text {
		n += cells(r)
	}
	return n
}

// cut shortens a text to a width, with an ellipsis at its end.
func cut(text string, most int) string {
	if len(text) <= most || widthOf(text) <= most {
		return text
	}
	var b strings.Builder
	left := most - 1
	for _, r := range text {
		if left -= cells(r); left < 0 {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}

// The widths of columns.
const (
	gap       = 2  // between two
	wideCell  = 40 // the widest, where there is room for all of them
	slimmest  = 8  // what a column has at least where it is made slimmer
	unlimited = 0
)

// Append appends the table. The columns share most characters of a line, and those that have no
// room there are named below; 0: there is room for all.
func (t *Table) Append(out []byte, most int) []byte {
	widths := make([]int, len(t.columns))
	for i, name := range t.columns {
		widths[i] = widthOf(name)
		for _, row := range t.rows {
			if i < len(row) {
				widths[i] = max(widths[i], widthOf(row[i]))
			}
		}
		widths[i] = min(widths[i], wideCell)
	}
	shown := len(widths)
	if most != unlimited {
		shown = fit(widths, most)
	}
	var b strings.Builder
	t.line(&b, t.columns, widths[:shown])
	for i, w := range widths[:shown] {
		b.WriteString(strings.Repeat(" ", min(i, 1)*gap) + strings.Repeat("─", w))
	}
	b.WriteByte('\n')
	for _, row := range t.rows {
		t.line(&b, row, widths[:shown])
	}
	if left := t.columns[shown:]; len(left) > 0 {
		text := fmt.Sprintf("and %d more: %s", len(left), strings.Join(left, ", "))
		b.WriteString(cut(text, max(most, slimmest)) + "\n")
	}
	return append(out, b.String()...)
}

// fit makes columns slimmer, the widest first, and says how many of them a line has room for.
func fit(widths []int, most int) (shown int) {
	total := 0
	for _, w := range widths {
		total += w + gap
	}
	for total-gap > most {
		widest := slices.Max(widths)
		if widest <= slimmest {
			break
		}
		i := slices.Index(widths, widest)
		widths[i]--
		total--
	}
	for shown = len(widths); shown > 1 && total-gap > most; shown-- {
		total -= widths[shown-1] + gap
	}
	return shown
}

// line writes a row. Numbers stand at the right of their columns.
func (t *Table) line(b *strings.Builder, row []string, widths []int) {
	var line strings.Builder
	for i, w := range widths {
		text := ""
		if i < len(row) {
			text = cut(row[i], w)
		}
		pad := strings.Repeat(" ", max(w-widthOf(text), 0))
		if t.texts[i] {
			line.WriteString(text + pad)
		} else {
			line.WriteString(pad + text)
		}
		line.WriteString(strings.Repeat(" ", gap))
	}
	b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}
