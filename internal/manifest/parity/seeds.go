package parity

// Seeds are texts for fuzz tests. Together they have every construct of YAML and of the language
// that readers treat apart.
var Seeds = []string{
	"version: 1\nstreams:\n- name: a\n  primary_key: [id, 'x']\n",
	"a: 1\nb:\n  - c: &x {d: 1, e: [2, ~]}\n  - *x\n  - <<: *x\n    d: 2\n",
	"a: |\n  text\n   more\n\n  end\nb: >-\n  folded\n  text\n\n   kept\n\nc: \"q\\n\\u00e9 \\\n  joined\"\nd: 'it''s'\n",
	"a: plain text\n  over lines\n\n  and more # done\nb: yes\n? complex\n: value\n",
	"definitions:\n  a: {b: 1}\nx:\n  $ref: '#/definitions/a'\n  c: 2\ny: '#/definitions/a/b'\nz: \"#/z\"\n",
	"$parameters: {name: n, a: [{type: T}]}\nstreams:\n- type: DeclarativeStream\n  retriever:\n    requester: {path: /}\n",
	"a: &a [x, *a]\n", "a: 2001-12-14t21:59:43.10-05:00\nb: 1:30\nc: 0o17\nd: 1e3\n", "--- x\n---\ny\n", "a:\n\tb: 1\n",
	"a: [1, 2,\n  3]\n'k': \"v\" # c\n\"q: r\":\n- - a\n  - b\n-\n",
}
