package rules

// A Container is what a compose file near the configuration says about nginx's
// container, which has its own network.
type Container struct {
	Service string    // nginx's
	Source  string    // the compose file
	Others  []Service // those that it shares a network with
	Mounted []string  // paths in the container at which something is mounted
	Sealed  bool      // nothing else is mounted
}

// A Service is another service of the compose file.
type Service struct {
	Name  string
	Names []string // by which nginx's container finds it: Name, container_name, aliases
	Ports []string // at which it listens, as far as the compose file says

	Published map[string]string // its ports, by the port of the host that leads there
}
