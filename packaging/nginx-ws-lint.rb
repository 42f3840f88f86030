# Homebrew's formula; tools/release.sh fills in the version and the checksums.
class NginxWsLint < Formula
  desc "Find what breaks WebSockets behind nginx, and fix it"
  homepage "https://github.com/nginx-ws-lint/nginx-ws-lint"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "https://github.com/nginx-ws-lint/nginx-ws-lint/releases/download/v#{version}/nginx-ws-lint-darwin-arm64"
      sha256 "@darwin-arm64@"
    end
    on_intel do
      url "https://github.com/nginx-ws-lint/nginx-ws-lint/releases/download/v#{version}/nginx-ws-lint-darwin-amd64"
      sha256 "@darwin-amd64@"
    end
  end
  on_linux do
    on_arm do
      url "https://github.com/nginx-ws-lint/nginx-ws-lint/releases/download/v#{version}/nginx-ws-lint-linux-arm64"
      sha256 "@linux-arm64@"
    end
    on_intel do
      url "https://github.com/nginx-ws-lint/nginx-ws-lint/releases/download/v#{version}/nginx-ws-lint-linux-amd64"
      sha256 "@linux-amd64@"
    end
  end

  def install
    bin.install Dir["nginx-ws-lint-*"].first => "nginx-ws-lint"
    chmod 0755, bin/"nginx-ws-lint"
    generate_completions_from_executable(bin/"nginx-ws-lint", "completion", shells: [:bash, :zsh, :fish])
    (man1/"nginx-ws-lint.1").write Utils.safe_popen_read(bin/"nginx-ws-lint", "man")
  end

  test do
    (testpath/"nginx.conf").write "events {}\n"
    system bin/"nginx-ws-lint", testpath
    assert_match version.to_s, shell_output("#{bin}/nginx-ws-lint version")
  end
end
