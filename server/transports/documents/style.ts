/** The style sheet of the API page. It asks for nothing from anywhere, fonts included. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f4ef; --panel: #fffdf9; --line: #ddd8cd; --ink: #171b1e; --dim: #5b6166; --live: #0b6e63;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
  --mono: ui-monospace, 'JetBrains Mono', 'SF Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161a; --panel: #191e23; --line: #2c343b; --ink: #e9ebe8; --dim: #9aa4aa; --live: #4fb3a5;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/20px var(--sans); }
code, .path, .tree b { font-family: var(--mono); font-size: 13px; font-weight: 400; }
a { color: inherit; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover { color: var(--live); text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--live); outline-offset: 2px; border-radius: 3px; }
h1, h2, h3, p, ul { margin: 0; padding: 0; font-weight: 400; }
h1 { font-size: 28px; line-height: 36px; font-weight: 600; letter-spacing: -0.01em; }
h2 { font-size: 20px; line-height: 26px; font-weight: 600; }
h3 { color: var(--dim); font-size: 13px; line-height: 18px; margin-top: 16px; }
ul { list-style: none; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 16px; top: 16px; background: var(--panel); padding: 8px 12px; }

nav { padding: 24px 20px; border-bottom: 1px solid var(--line); }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; }
nav a { text-decoration: none; color: var(--dim); display: block; padding: 4px 0; }
nav a:hover { color: var(--ink); }
main { padding: 32px 20px 96px; max-width: 880px; }
header p { color: var(--dim); margin-top: 8px; max-width: 64ch; }
section { margin-top: 56px; scroll-margin-top: 24px; }
section > p { color: var(--dim); margin-top: 4px; max-width: 64ch; }
.list { margin-top: 16px; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); }
.list > * + * { border-top: 1px solid var(--line); }

details:has(:target) { box-shadow: inset 2px 0 0 var(--live); }
.more { scroll-margin-top: 96px; }
summary { display: grid; grid-template-columns: 64px minmax(0, 1fr) auto; gap: 0 12px; padding: 12px 16px; cursor: pointer;
  list-style: none; min-height: 44px; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline-offset: -2px; }
.method { font: 600 12px/20px var(--mono); color: var(--dim); letter-spacing: 0.02em; }
.path { overflow-wrap: anywhere; }
.path em { font-style: normal; color: var(--dim); }
.needs { color: var(--dim); font-size: 13px; text-align: right; }
.does { grid-column: 2 / -1; color: var(--dim); font-size: 13px; line-height: 18px; }
summary:hover .path { color: var(--live); }
.more { padding: 0 16px 16px 92px; }
.more h3:first-child { margin-top: 4px; }
details.bare summary { grid-template-columns: minmax(0, 1fr) auto; }
details.bare .does { grid-column: 1 / -1; }
details.bare .more { padding-left: 16px; }
.facts { color: var(--dim); font-size: 13px; line-height: 18px; }
.facts li + li { margin-top: 2px; }

.tree { margin-top: 6px; }
.tree li { padding: 3px 0; overflow-wrap: anywhere; }
.tree b { margin-right: 8px; }
.tree span { color: var(--dim); font-size: 13px; }
.tree span code { color: var(--ink); font-size: 12px; }
.more i { font-style: normal; }
.tree .tree { margin: 2px 0 4px 4px; padding-left: 16px; border-left: 1px solid var(--line); }
.plain > li { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 12px; padding: 8px 16px; }
.plain > li + li { border-top: 1px solid var(--line); }
.plain span { color: var(--dim); }

@media (min-width: 1000px) {
  body { display: grid; grid-template-columns: 224px minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 40px 24px; border-right: 1px solid var(--line);
    border-bottom: 0; }
  nav ul { display: block; }
  main { padding: 36px 56px 120px; }
}
@media (max-width: 560px) {
  summary { grid-template-columns: 56px minmax(0, 1fr); }
  .needs { grid-column: 2; text-align: left; }
  .more { padding-left: 16px; }
}
@media print {
  nav, .skip { display: none; }
  details::details-content { content-visibility: visible; }
}
`.trimStart()
