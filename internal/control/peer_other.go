//go:build !linux

package control

import "net"

// listenPrivately relies on the data folder's own rights where there is no umask.
func listenPrivately(path string) (net.Listener, error) { return net.Listen("unix", path) }

// reachable names the socket by its path, however long.
func reachable(path string) (address string, done func(), err error) { return path, func() {}, nil }

// peerUser is unknown where the kernel does not tell.
func peerUser(net.Conn) string { return "" }
