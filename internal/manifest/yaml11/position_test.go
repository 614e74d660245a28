package yaml11

import "testing"

func TestPosition(t *testing.T) {
	tests := map[string]struct {
		yaml      string
		offset    int
		line, col int
	}{
		"plain":               {"a: héllo {{ x\n", 7, 1, 10},
		"quoted":              {"a: 'x {{'\n", 2, 1, 7},
		"escaped before it":   {"a: \"\\t {{\"\n", 2, 1, 4},
		"literal, first line": {"a: |\n  one\n  two\n", 1, 2, 4},
		"literal, next line":  {"a: |\n    one\n    two\n", 6, 3, 7},
		"folded":              {"a: >\n   one\n   two\n", 5, 2, 4},
		"beyond the end":      {"a: x\n", 9, 1, 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root, err := Read([]byte(tt.yaml))
			if err != nil {
				t.Fatal(err)
			}
			if line, col := root.Get("a").Position([]byte(tt.yaml), tt.offset); line != tt.line || col != tt.col {
				t.Errorf("got %d:%d, want %d:%d", line, col, tt.line, tt.col)
			}
		})
	}
}
