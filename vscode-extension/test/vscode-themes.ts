// The editor's four standard themes as a webview sees them: the properties that widgets/theme.ts reads, and what stands on
// the body. Main entry: THEMES. Called by widget-stage.ts. The fonts are of a package of tests/packages.txt, so that
// pictures are the same on every machine.

export interface Theme {
  readonly name: string;
  readonly bodyClass: string;
  readonly properties: Readonly<Record<string, string>>;
}

const FONTS = {
  "font-family": '"DejaVu Sans"',
  "editor-font-family": '"DejaVu Sans Mono"',
};

function theme(name: string, bodyClass: string, colours: Readonly<Record<string, string>>): Theme {
  return { name, bodyClass, properties: { ...FONTS, ...colours } };
}

export const THEMES: readonly Theme[] = [
  theme("light", "vscode-light", {
    "editor-background": "#ffffff",
    "sideBar-background": "#f8f8f8",
    foreground: "#3b3b3b",
    descriptionForeground: "#3b3b3b",
    "panel-border": "#e5e5e5",
    "list-hoverBackground": "#f2f2f2",
    focusBorder: "#005fb8",
    "editor-selectionBackground": "#add6ff",
    "textLink-foreground": "#005fb8",
    errorForeground: "#f85149",
    "editorWarning-foreground": "#bf8803",
    "input-background": "#ffffff",
    "editorHoverWidget-background": "#f8f8f8",
  }),
  theme("dark", "vscode-dark", {
    "editor-background": "#1f1f1f",
    "sideBar-background": "#181818",
    foreground: "#cccccc",
    descriptionForeground: "#9d9d9d",
    "panel-border": "#2b2b2b",
    "list-hoverBackground": "#2a2d2e",
    focusBorder: "#0078d4",
    "editor-selectionBackground": "#264f78",
    "textLink-foreground": "#4daafc",
    errorForeground: "#f85149",
    "editorWarning-foreground": "#cca700",
    "input-background": "#313131",
    "editorHoverWidget-background": "#202020",
  }),
  theme("contrast-dark", "vscode-high-contrast", {
    "editor-background": "#000000",
    "sideBar-background": "#000000",
    foreground: "#ffffff",
    descriptionForeground: "rgba(255, 255, 255, 0.7)",
    "panel-border": "#6fc3df",
    "list-hoverBackground": "rgba(255, 255, 255, 0.1)",
    focusBorder: "#f38518",
    "editor-selectionBackground": "#ffffff",
    "textLink-foreground": "#21a6ff",
    errorForeground: "#f48771",
    "editorWarning-foreground": "#ffd370",
    "input-background": "#000000",
    "editorHoverWidget-background": "#0c141f",
  }),
  theme("contrast-light", "vscode-high-contrast vscode-high-contrast-light", {
    "editor-background": "#ffffff",
    "sideBar-background": "#ffffff",
    foreground: "#292929",
    descriptionForeground: "rgba(41, 41, 41, 0.7)",
    "panel-border": "#0f4a85",
    "list-hoverBackground": "rgba(15, 74, 133, 0.1)",
    focusBorder: "#006bbd",
    "editor-selectionBackground": "#0f4a85",
    "textLink-foreground": "#0f4a85",
    errorForeground: "#b5200d",
    "editorWarning-foreground": "#895503",
    "input-background": "#ffffff",
    "editorHoverWidget-background": "#ffffff",
  }),
];
