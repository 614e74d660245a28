package target

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps the target from the signals of a console: on ^C it stores what it has, and
// confirms it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// terminate ends the target: there is no way to ask it.
func terminate(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

// kill ends it.
func kill(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
