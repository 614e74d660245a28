package components

// Unsupported are the names of the component schema (airbyte-cdk 7.39.1) that are not in the table, each with the reason.
var Unsupported = map[string]string{
	"CustomAuthenticator":        python,
	"CustomBackoffStrategy":      python,
	"CustomConfigTransformation": python,
	"CustomDecoder":              python,
	"CustomErrorHandler":         python,
	"CustomPaginationStrategy":   python,
	"CustomPartitionRouter":      python,
	"CustomRecordExtractor":      python,
	"CustomRecordFilter":         python,
	"CustomRequester":            python,
	"CustomRetriever":            python,
	"CustomSchemaLoader":         python,
	"CustomSchemaNormalization":  python,
	"CustomStateMigration":       python,
	"CustomTransformation":       python,
	"CustomValidationStrategy":   python,
	"CombineMode":                word,
	"PrimaryKey":                 word,
	"SchemaNormalization":        word,
	"Schemas":                    word,
	"ValueType":                  word,
}

// The reasons.
const (
	python = "a class of Python code, which is not run here; streams that need it are left out with a warning"
	word   = "no component: the schema's name for a plain value"
)
