// Package rules holds the rules: each says one thing that keeps WebSockets from
// working behind nginx, finds it, and where it can, mends it. One file a rule,
// its page beside it in docs.
package rules

import (
	"embed"

	"github.com/nginx-ws-lint/nginx-ws-lint/fixer"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/intent"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// A Severity says how bad a finding is.
type Severity int

const (
	Info    Severity = iota + 1 // advice
	Warning                     // works, until the condition that the message names
	Error                       // nginx refuses it, or the handshake fails
)

func (s Severity) String() string {
	return [...]string{"none", "info", "warning", "error"}[s]
}

// A Rule is one mistake.
type Rule struct {
	Name      string   // says the mistake and reads after "allow"
	Summary   string   // one line; its page begins with it
	Group     Group    // what it is about
	Severity  Severity // the worst that it reports
	Pedantic  bool     // run only if it is selected: healthy configurations are not quiet under it
	ByDefault bool     // pedantic, but run by default for its findings that are ByDefault
	Reading   bool     // it reports what nginx cannot read as it is meant: there no other rule reports anything

	// What the rule looks at, one function for each kind; most rules have one.
	Location  func(*Pass, *Location)       // a location that proxies and has any sign of WebSockets
	Proxying  func(*Pass, *Location)       // a location that proxies
	Answering func(*Pass, *Location)       // a location that has any sign of WebSockets and does not proxy
	Leading   func(*Pass, *Location)       // a location that has any sign of WebSockets and whose requests another one proxies
	Level     func(*Pass, *parser.Context) // a level whose lines are directives
	Config    func(*Pass)                  // the whole configuration
	Cluster   func(*ClusterPass)           // the Kubernetes objects that were found together
	Hops      func(*HopPass)               // what is in front of nginx
}

// URL is where the rule's page can be read.
func (r *Rule) URL() string {
	return "https://github.com/nginx-ws-lint/nginx-ws-lint/blob/main/rules/docs/" + r.Name + ".md"
}

//go:embed docs/*.md
var pages embed.FS

// Page returns the rule's page, in Markdown.
func (r *Rule) Page() string {
	b, err := pages.ReadFile("docs/" + r.Name + ".md")
	if err != nil {
		panic(err) // a test sees to it that every rule has its page
	}
	return string(b)
}

// All are the rules, in the order of names.
var All = []*Rule{
	AnsweredBeforeProxy,
	AuthorizationPassedOn,
	BackupAfterIPHash,
	BalancingMethodOrder,
	BasicAuthOnWebSocket,
	BlindUpgrade,
	BufferedStream,
	CachedHandshake,
	ClobberedCaptures,
	ColonInHeaderName,
	ContainerLocalhost,
	CSPWithoutWebSocket,
	DamagedHandshake,
	DeadPort,
	DroppedRouteTimeout,
	DuplicateConfigMapHeader,
	DuplicateHeader,
	DuplicateInSnippet,
	DuplicateLocation,
	EmptyRewrite,
	FewWorkerConnections,
	HAProxyDropsUpgrade,
	HopWithoutHeaders,
	HostLostOverHTTP3,
	HostPortInNetwork,
	HTTPOnlyLocation,
	HTTP2Listen,
	IgnoredTunnelTimeout,
	InvalidAnnotationValue,
	InvalidConfigMapValue,
	InvalidTime,
	IPHashBehindProxy,
	LiteralUpgradeHeader,
	LocationBehindReturn,
	LongConnectTimeout,
	LostInheritedHeaders,
	LostURI,
	LowConnectionLimit,
	MapClosesKeepalive,
	MismatchedSlashes,
	MisplacedURI,
	MissingForwardedProto,
	MissingHostHeader,
	MissingIPHash,
	MissingProxyPass,
	MissingResolver,
	MissingSemicolon,
	MissingSessionAffinity,
	MissingSNI,
	MissingUpgradeHeaders,
	MissingUpgradeMap,
	MissingWebSocketService,
	MissingWorkerShutdownTimeout,
	MixedControllers,
	NameResolvedOnce,
	PlainHTTPToTLSPort,
	ProxyHTTPVersion,
	RefusedDirective,
	RefusedHandshake,
	RefusedSnippet,
	ReplacedConnectionHeader,
	RetiredController,
	RewrittenOrigin,
	ShadowedLocation,
	ShortHAProxyTimeout,
	ShortIngressTimeout,
	ShortLoadBalancerTimeout,
	ShortReadTimeout,
	ShortRouteTimeout,
	ShortStreamTimeout,
	ShortWorkerShutdown,
	SlashRedirect,
	SmallerHeaderBuffers,
	SplitWebSocketHost,
	StrippedEndpoint,
	SyntaxError,
	UnknownAnnotation,
	UnknownConfigMapKey,
	UnknownInclude,
	UnknownVariable,
	UnlistedWebSocketService,
	UnquotedAnnotation,
	UnreachedLocation,
	UnrenderedTemplate,
	UnusableTarget,
	UnusedIgnore,
	UnusedUpgrade,
	UpgradeInSubrequest,
	WebSocketScheme,
	WebSocketsOff,
	WSSWithoutTLSPolicy,
}

// A Finding is one mistake at one place.
type Finding struct {
	Rule     *Rule
	Severity Severity
	Span     parser.Span
	Message  string // what is wrong, with what consequence, and why the tool believes so
	Related  []Related
	Fixes    []fixer.Fix
	Intent   *intent.Score   // of the location it is about, or nil
	Context  *parser.Context // in which it was found
	Once     bool            // it is about the text, and not about each of the locations that share it: of these the surest reports it
	Places   int             // how many contexts it holds in, where its text lies in several

	ByDefault      bool   // reported though its rule is pedantic
	Bounded        bool   // Intent bounds its severity and the safety of its fix, see Report
	SeverityReason string // why the severity is not the rule's own, or ""

	fix func() (fixer.Fix, bool) // makes the fix where the finding is kept; or nil
}

// Related is another place that has to do with a finding.
type Related struct {
	Span    parser.Span
	Message string
}

// Settings are what the user decides about judging.
type Settings struct {
	Versions       parser.Versions
	MinReadTimeout int        // seconds; 0 for none
	StockImage     bool       // the tree is used with an official nginx image: http level holds nothing unseen
	Container      *Container // nil where nothing is known of one
	Intent         []intent.Option
}
