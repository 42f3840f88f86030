# Renders templates of Ruby's engines for TestLaw: a JSON list of [engine, text, seed, trim] on
# standard input, a JSON list of renderings (null for none) on standard output. Names that
# no one defines have values drawn from the seed: equal names have equal values.
require "erb"
require "json"
require "zlib"

def draw(name, seed) = Zlib.crc32("#{name} #{seed}")

def text_of(name, seed)
  n = draw(name, seed)
  return (5000 + n % 900).to_s if name.downcase.end_with?("port", "timeout", "size", "connections")
  ["alpha#{n % 100}", "beta", "10.0.0.#{n % 200}"][n % 3]
end

# A Drawn is a value of which anything can be asked.
class Drawn
  def initialize(name, seed) = (@name, @seed = name, seed)
  def inner(key) = Drawn.new("#{@name}.#{key}", @seed)
  def true? = draw(@name, @seed).even?
  def to_s = text_of(@name, @seed)
  alias to_str to_s
  def [](key, *) = inner(key)
  def key?(*) = true
  def respond_to?(*) = true
  def to_ary = nil
  def to_liquid = self
  def each = (yield inner("each") if true?)
  def ==(other) = inner("== #{other}").true?
  def join(*) = ""
  def method_missing(name, *args)
    return inner("#{name} #{args.first}").true? if name.end_with?("?") || %i[< > <= >=].include?(name)
    %i[select reject sort uniq map compact].include?(name) ? self : inner(name)
  end
end

# drawn returns a value or, for one in three names that the text tests, nil.
def drawn(name, text, seed)
  tested = text.match?(/(?:\b(?:if|unless|elsif|and|or|not)\b|&&|\|\||!|\{\{[#^])\s*[@$]?#{Regexp.escape(name)}\b/)
  tested && draw("nil #{name}", seed) % 3 == 0 ? nil : Drawn.new(name, seed)
end

# A Scope has any variable.
class Scope
  def initialize(text, seed)
    @_seed = seed
    text.scan(/@([a-z]\w*)/).flatten.uniq.each { |name| instance_variable_set("@#{name}", drawn(name, text, seed)) }
  end

  def method_missing(name, *) = Drawn.new(name.to_s, @_seed)
  def _binding = binding
end

# Values is a hash with any key. The values of Mustache are texts, and false.
class Values < Hash
  def initialize(text, seed, texts = false) = (super(); store("", ""); @text, @seed, @texts = text, seed, texts)
  def key?(name) = super || name.to_s =~ /\A[A-Za-z]\w*\z/
  alias has_key? key?
  def fetch(name, *)
    return super if include?(name)
    value = drawn(name.to_s, @text, @seed)
    @texts ? value&.to_s || false : value
  end
  def [](name) = fetch(name)
end

# What the parameters of an EPP template are, and the variables around it.
def arguments(text, seed)
  head = text[/\A\s*<%-?\s*\|(.*?)\|/m, 1].to_s
  head.scan(/(\w+)(?:\[[^$]*\])?\s*\$(\w+)/).to_h do |type, name|
    n = draw(name, seed)
    [name, { "Boolean" => n.even?, "Array" => n.even? ? [] : ["delta"], "Integer" => 5000 + n % 900, "Hash" => {}, "Optional" => n.even? ? nil : text_of(name, seed) }.fetch(type) { text_of(name, seed) }]
  end
end

def epp(text, seed)
  require "puppet"
  $environment ||= begin
    Puppet.initialize_settings(%w[confdir vardir codedir].flat_map { |dir| ["--#{dir}", "/nonexistent"] })
    Puppet::Node::Environment.create(:law, [])
  end
  Puppet.override(current_environment: $environment, loaders: Puppet::Pops::Loaders.new($environment)) do
    scope = Puppet::Parser::Compiler.new(Puppet::Node.new("law", environment: $environment)).topscope
    given = arguments(text, seed)
    (text.scan(/\$([a-z]\w*)/).flatten.uniq - given.keys - text.scan(/\$([a-z]\w*)\s*(?:=[^=]|\|)/).flatten).each do |name|
      scope[name] = drawn(name, text, seed)&.to_s
    end
    Puppet::Pops::Evaluator::EppEvaluator.inline_epp(scope, text, given.empty? ? nil : given)
  end
end

def render(engine, text, seed)
  case engine
  when "erb" then ERB.new(text, trim_mode: "-").result(Scope.new(text, seed)._binding)
  when "liquid"
    require "liquid"
    Liquid::Template.parse(text).render(Values.new(text, seed))
  when "mustache"
    require "mustache"
    Class.new(Mustache) { def escape(text) = text.to_s }.render(text, Values.new(text, seed, true))
  when "epp" then epp(text, seed)
  end
rescue StandardError, ScriptError
  nil
end

# have returns which engines this machine has.
def have
  ["erb"] + { "liquid" => "liquid", "mustache" => "mustache", "puppet" => "epp" }.filter_map do |library, engine|
    require library
    engine
  rescue LoadError
  end
end

if ARGV == ["have"]
  puts have
else
  print JSON.generate(JSON.parse($stdin.read).map { |job| render(*job.first(3)) })
end
