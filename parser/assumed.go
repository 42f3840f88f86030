package parser

import "path"

// assumed are the contents of files that a package installs and that repositories
// include without having them, by the path of the file. Debian's package nginx-common
// has had this one since 1.4 (checked in Debian 11 to 13).
var assumed = map[string]string{
	"/etc/nginx/proxy_params": `proxy_set_header Host $http_host;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
`,
}

// assume reads what a package installs at the place of an include that was not found.
// Nothing is assumed if all files that nginx reads are known.
func (b *builder) assume(value string, inc *Included) {
	name := value
	if !path.IsAbs(name) {
		name = path.Join("/etc/nginx", name)
	}
	content, known := assumed[path.Clean(name)]
	if !known || !inc.Missing || inc.Denied || b.opt.Complete || b.opt.Root != "" {
		return
	}
	inc.Files, inc.Missing, inc.Assumed = []*File{b.opt.Files.assume(name, content)}, false, true
}

// assume returns the file that stands for one that a package installs: one and the
// same for all configurations.
func (s *Files) assume(name, content string) *File {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.packaged[name]
	if f == nil {
		f = Parse(name, []byte(content))
		f.Assumed = true
		s.packaged[name] = f
	}
	return f
}

// Assumed returns an include of this level, or of one around it, whose file was not
// found and is taken to be the one that a package installs; or nil.
func (c *Context) Assumed() *Include {
	for ; c != nil; c = c.Parent {
		for _, inc := range c.Includes {
			if inc.Assumed {
				return inc
			}
		}
	}
	return nil
}
