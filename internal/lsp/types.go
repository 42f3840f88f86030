package lsp

import "encoding/json"

// The types of the protocol that we need, version 3.17. Their names and their
// meanings are those of the specification.
type (
	position struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	span struct { // "Range" in the specification
		Start position `json:"start"`
		End   position `json:"end"`
	}
	location struct {
		URI   string `json:"uri"`
		Range span   `json:"range"`
	}
	documentID struct {
		URI string `json:"uri"`
	}
	versionedID struct {
		URI     string `json:"uri"`
		Version *int   `json:"version"`
	}
	documentItem struct {
		URI        string `json:"uri"`
		LanguageID string `json:"languageId"`
		Version    int    `json:"version"`
		Text       string `json:"text"`
	}
	folder struct {
		URI  string `json:"uri"`
		Name string `json:"name"`
	}
	placeParams struct {
		TextDocument documentID `json:"textDocument"`
		Position     position   `json:"position"`
		Context      struct {
			IncludeDeclaration bool `json:"includeDeclaration"`
		} `json:"context"`
	}
	documentParams struct {
		TextDocument     documentID `json:"textDocument"`
		Range            span       `json:"range"` // of inlay hints
		PreviousResultID string     `json:"previousResultId"`
	}
)

// Messages about the life of the server.
type (
	initializeParams struct {
		RootURI          string          `json:"rootUri"`
		RootPath         string          `json:"rootPath"`
		WorkspaceFolders []folder        `json:"workspaceFolders"`
		Options          json.RawMessage `json:"initializationOptions"`
		Capabilities     clientCan       `json:"capabilities"`
	}
	clientCan struct {
		General struct {
			PositionEncodings []string `json:"positionEncodings"`
		} `json:"general"`
		Workspace struct {
			Configuration          bool    `json:"configuration"`
			DidChangeWatchedFiles  dynamic `json:"didChangeWatchedFiles"`
			DidChangeConfiguration dynamic `json:"didChangeConfiguration"`
			WorkspaceEdit          struct {
				DocumentChanges bool `json:"documentChanges"`
			} `json:"workspaceEdit"`
			Diagnostics refreshes `json:"diagnostics"`
			CodeLens    refreshes `json:"codeLens"`
			InlayHint   refreshes `json:"inlayHint"`
		} `json:"workspace"`
		TextDocument struct {
			CodeAction struct {
				ResolveSupport *struct {
					Properties []string `json:"properties"`
				} `json:"resolveSupport"`
				DataSupport bool `json:"dataSupport"`
			} `json:"codeAction"`
			Completion struct {
				CompletionItem struct {
					SnippetSupport bool `json:"snippetSupport"`
				} `json:"completionItem"`
			} `json:"completion"`
			Diagnostic *struct{} `json:"diagnostic"`
		} `json:"textDocument"`
	}
	dynamic struct {
		DynamicRegistration bool `json:"dynamicRegistration"`
	}
	refreshes struct {
		RefreshSupport bool `json:"refreshSupport"`
	}
	registration struct {
		ID      string `json:"id"`
		Method  string `json:"method"`
		Options any    `json:"registerOptions,omitempty"`
	}
)

// Messages about documents and what is found in them.
type (
	changeParams struct {
		TextDocument   versionedID     `json:"textDocument"`
		ContentChanges []contentChange `json:"contentChanges"`
	}
	contentChange struct {
		Range *span  `json:"range"`
		Text  string `json:"text"`
	}
	diagnostic struct {
		Range    span           `json:"range"`
		Severity int            `json:"severity"`
		Code     string         `json:"code"`
		About    *codeAbout     `json:"codeDescription,omitempty"`
		Source   string         `json:"source"`
		Message  string         `json:"message"`
		Tags     []int          `json:"tags,omitempty"`
		Related  []relatedPlace `json:"relatedInformation,omitempty"`
	}
	codeAbout struct {
		Href string `json:"href"`
	}
	relatedPlace struct {
		Location location `json:"location"`
		Message  string   `json:"message"`
	}
	publishParams struct {
		URI         string       `json:"uri"`
		Version     *int         `json:"version,omitempty"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}
	documentReport struct {
		Kind     string        `json:"kind"`
		ResultID string        `json:"resultId"`
		Items    *[]diagnostic `json:"items,omitempty"`
	}
	textEdit struct {
		Range   span   `json:"range"`
		NewText string `json:"newText"`
	}
	documentEdit struct {
		TextDocument versionedID `json:"textDocument"`
		Edits        []textEdit  `json:"edits"`
	}
	workspaceEdit struct {
		Changes         map[string][]textEdit `json:"changes,omitempty"`
		DocumentChanges []documentEdit        `json:"documentChanges,omitempty"`
	}
	codeActionParams struct {
		TextDocument documentID `json:"textDocument"`
		Range        span       `json:"range"`
		Context      struct {
			Only []string `json:"only"`
		} `json:"context"`
	}
	codeAction struct {
		Title       string         `json:"title"`
		Kind        string         `json:"kind"`
		Diagnostics []diagnostic   `json:"diagnostics,omitempty"`
		Preferred   bool           `json:"isPreferred,omitempty"`
		Edit        *workspaceEdit `json:"edit,omitempty"`
		Data        *actionData    `json:"data,omitempty"`
	}
)
