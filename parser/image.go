package parser

import (
	"strings"
)

// An Image is what the name of a container image says of the nginx in it.
type Image struct {
	Versions Versions // a single version, or all that a tag such as 1.26 can mean
	Numbered bool     // the tag names the version; else only the dialect is known
	Stock    bool     // an official image: its main file sets no headers and has no maps
}

// An imageInfo is what is known of a repository of images.
type imageInfo struct {
	name  string  // without the registry; a * at its end matches the rest
	in    Dialect // what runs
	stock bool
	bases []base // by tag, if the tag is not the version itself
}

// imageInfos are the repositories of which it is known, from their Dockerfiles.
var imageInfos = []imageInfo{
	{name: "nginx", stock: true},
	{name: "library/nginx", stock: true},
	{name: "nginxinc/nginx-unprivileged", stock: true},
	{name: "nginx/nginx-unprivileged", stock: true},
	{name: "nginx/nginx", stock: true},
	{name: "openresty/openresty", in: OpenResty},
	{name: "neomantra/openresty", in: OpenResty},
	{name: "angie", in: Angie},
	{name: "alibaba/tengine", in: Tengine},
	{name: "axizdkr/tengine", in: Tengine},
	{name: "bitnami/nginx"},
	{name: "bitnamilegacy/nginx"},
	{name: "fholzer/nginx-brotli"},
	{name: "nginx-plus/*", in: Plus},
	{name: "nginx-ic/nginx-plus-ingress", in: Plus},
	{name: "nginxproxy/nginx-proxy", bases: nginxProxy},
	{name: "jwilder/nginx-proxy", bases: nginxProxy},
	{name: "nginx-proxy/nginx-proxy", bases: nginxProxy},
	{name: "kong", in: OpenResty, bases: kong},
	{name: "kong/kong", in: OpenResty, bases: kong},
	{name: "kong/kong-gateway", in: OpenResty, bases: kong},
}

// The versions of nginx in images whose tags are versions of something else, each from
// the tag on.
var (
	nginxProxy = []base{
		{Number{0, 8, 0}, Number{1, 19, 3}}, {Number{0, 9, 0}, Number{1, 19, 10}}, {Number{0, 9, 2}, Number{1, 21, 1}}, {Number{0, 10, 0}, Number{1, 21, 5}},
		{Number{1, 0, 0}, Number{1, 21, 6}}, {Number{1, 0, 2}, Number{1, 23, 2}}, {Number{1, 1, 0}, Number{1, 23, 3}}, {Number{1, 3, 0}, Number{1, 23, 4}},
		{Number{1, 4, 0}, Number{1, 25, 3}}, {Number{1, 5, 1}, Number{1, 25, 4}}, {Number{1, 5, 2}, Number{1, 26, 0}}, {Number{1, 6, 0}, Number{1, 27, 0}},
		{Number{1, 6, 1}, Number{1, 27, 1}}, {Number{1, 6, 2}, Number{1, 27, 2}}, {Number{1, 7, 0}, Number{1, 27, 3}}, {Number{1, 7, 1}, Number{1, 27, 5}},
		{Number{1, 8, 0}, Number{1, 29, 0}}, {Number{1, 9, 0}, Number{1, 29, 2}}, {Number{1, 10, 0}, Number{1, 29, 5}}, {Number{1, 10, 1}, Number{1, 29, 6}},
		{Number{1, 10, 2}, Number{1, 31, 0}}, {Number{1, 11, 0}, Number{1, 31, 1}}, {Number{1, 11, 2}, Number{1, 31, 2}}, {Number{1, 11, 6}, Number{1, 31, 3}},
	}
	kong = []base{
		{Number{2, 4}, Number{1, 19, 3, 2}}, {Number{2, 6}, Number{1, 19, 9, 1}}, {Number{3, 0}, Number{1, 21, 4, 1}}, {Number{3, 5}, Number{1, 21, 4, 2}},
		{Number{3, 6}, Number{1, 25, 3, 1}}, {Number{3, 8}, Number{1, 25, 3, 2}},
	}
)

// ParseImage reads the name of a container image, such as nginx:1.26.3-alpine. It
// reports false for an image of which nothing is known.
func ParseImage(image string) (Image, bool) {
	image, _, _ = strings.Cut(image, "@")
	name, tag := image, ""
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		name, tag = image[:i], image[i+1:]
	}
	info := imageOf(name)
	if info == nil {
		return Image{}, false
	}
	found := Image{Versions: AnyOf(info.in), Stock: info.stock}
	low, high, ok := tagNumbers(tag, dialects[info.in].parts)
	if !ok {
		return found, true
	}
	if info.bases != nil {
		if low, ok = floor(info.bases, low); !ok {
			return found, true
		}
		high, _ = floor(info.bases, high)
	}
	found.Versions, found.Numbered = Versions{Min: info.in.version(low), Max: info.in.version(high)}, true
	return found, true
}

// floor returns the entry for a tag.
func floor(bases []base, tag Number) (n Number, ok bool) {
	for _, b := range bases {
		if tag.Less(b.own) {
			break
		}
		n, ok = b.nginx, true
	}
	return n, ok
}

// imageOf returns what is known of a repository, wherever its registry is, or nil.
func imageOf(name string) *imageInfo {
	if registry, rest, ok := strings.Cut(name, "/"); ok && strings.ContainsAny(registry, ".:") {
		name = strings.TrimPrefix(rest, "docker/") // of public.ecr.aws
	}
	for i := range imageInfos {
		known := imageInfos[i].name
		if prefix, all := strings.CutSuffix(known, "*"); known == name || all && strings.HasPrefix(name, prefix) {
			return &imageInfos[i]
		}
	}
	return nil
}

// tagNumbers reads the version at the beginning of a tag. If parts of it are missing,
// it can be any of a range.
func tagNumbers(tag string, parts int) (low, high Number, ok bool) {
	tag = strings.TrimPrefix(strings.TrimPrefix(tag, "v"), "r")
	end := strings.IndexFunc(tag, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end >= 0 {
		tag = tag[:end]
	}
	words := strings.Split(tag, ".")
	if len(words) > parts {
		words = words[:parts]
	}
	if parts > 2 && len(words) < 2 {
		return low, high, false
	}
	low, ok = parseNumber(strings.Join(words, "."), &dialectInfo{parts: parts, least: 1})
	high = low
	for i := len(words); i < parts; i++ {
		high[i] = 99
	}
	return low, high, ok
}
