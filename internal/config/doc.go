// Package config reads what users hand over: the configuration, of as many parts as they like, and
// other documents in JSON or YAML. It also stores what a run changes in a configuration.
//
//   - given.go puts a configuration together: files, stdin, variables of the environment, settings of the command line.
//   - document.go reads JSON and YAML, file.go the bytes of a file, once.
//   - references.go fills in ${NAME} and ${file:…}, dotenv.go reads a file of variables.
//   - setting.go knows which settings a specification has, and reads texts by their types.
//   - fillable.go writes a configuration to be filled in, editor.go a JSON Schema for editors.
//   - store.go keeps what a run changed, place.go puts it in the place of the old file in one step.
package config
