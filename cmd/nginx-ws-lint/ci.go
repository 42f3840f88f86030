package main

import (
	"os"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/report"
)

// inAction is the variable that is "true" in a GitHub Action.
const inAction = "GITHUB_ACTIONS"

// systems lists the CI systems that interpret lines of a log as commands, with the
// environment variable that identifies each.
var systems = []struct{ variable, name string }{
	{inAction, report.GitHubActions}, {"TF_BUILD", report.AzurePipeline}, {"TEAMCITY_VERSION", report.TeamCity}, {"GITLAB_CI", report.GitLabCI},
}

// inCI reports whether a CI system runs us. The checked files may then come from a
// stranger.
func inCI() bool {
	for _, variable := range []string{"CI", inAction, "TF_BUILD", "TEAMCITY_VERSION", "GITLAB_CI", "BUILDKITE", "JENKINS_URL"} {
		if value := os.Getenv(variable); value != "" && !strings.EqualFold(value, "false") {
			return true
		}
	}
	return false
}
