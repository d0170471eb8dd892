import { createHash } from 'node:crypto'

/** The style of a post-mortem as a page of its own, on a screen in light and dark and on paper. */
export const DOCUMENT_STYLE = `:root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--line:#d5dae1;--text:#1b2330;--soft:#566072;--link:#0b5cad;--good:#1a7f37;--warn:#8a5a00;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--ground:#11161d;--raised:#1a212b;--line:#323c4a;--text:#e7ebf0;--soft:#a3aebd;--link:#7ab7ff;--good:#4ac26b;--warn:#e0a92e;--bad:#ff7b72}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:50rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1,h2,h3,h4,h5,h6{line-height:1.25;overflow-wrap:anywhere;text-wrap:balance;break-after:avoid}
h1{font-size:1.85rem;margin:0 0 .4rem;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:2.4rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.6rem 0 .4rem}
h4,h5,h6{font-size:1rem;margin:1.2rem 0 .3rem}
p,li,td,th,blockquote{unicode-bidi:isolate}
p,li,blockquote{overflow-wrap:anywhere}
td,th{overflow-wrap:break-word}
p{margin:.6rem 0}
ul,ol{padding-left:1.35rem;margin:.6rem 0}
li{margin:.2rem 0}
li>p{margin:.2rem 0}
a{color:var(--link)}
code{font:.9em ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--raised);padding:.1em .3em;border-radius:.25rem}
pre{overflow-x:auto;background:var(--raised);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1rem;line-height:1.45}
pre code{background:none;padding:0}
blockquote{margin:.8rem 0;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line);color:var(--soft)}
hr{border:0;border-top:1px solid var(--line);margin:1.6rem 0}
.kind{margin:0;color:var(--soft);font-size:.85rem;text-transform:uppercase;letter-spacing:.08em}
.facts{margin:1.25rem 0 0;padding:.35rem 1.15rem;background:var(--raised);border:1px solid var(--line);border-radius:.5rem}
.facts dl{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.7rem 1.5rem;margin:0;padding:.75rem 0}
.facts dl.four{grid-template-columns:repeat(4,minmax(0,1fr))}
.facts dl+dl{border-top:1px solid var(--line)}
.facts dt{color:var(--soft);font-size:.8rem}
.facts dd{margin:.05rem 0 0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.facts small{display:block;color:var(--soft);font-size:.78rem}
.none{color:var(--soft)}
.table{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;font-size:.82rem}
td:first-child,th:first-child{min-width:7.5rem}
td:last-child,th:last-child{padding-right:0}
.table:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.state{white-space:nowrap;font-weight:600}
.state.proved{color:var(--good)}
.state.refuted,.state.stale{color:var(--bad)}
.state.open,.state.claimed{color:var(--warn)}
.under{display:block;color:var(--soft);font-size:.85rem;font-weight:400;white-space:normal}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
footer p{margin:.2rem 0}
@media (max-width:36rem){main{padding-top:1.5rem}h1{font-size:1.5rem}.facts dl,.facts dl.four{grid-template-columns:repeat(2,minmax(0,1fr))}th,td{padding-right:.6rem}}
@page{size:A4;margin:18mm 18mm 20mm}
@media print{
:root{color-scheme:light;--ground:#fff;--raised:#f6f7f9;--line:#c9cfd8;--text:#14191f;--soft:#4b5565;--link:#0b4a8c;--good:#17692f;--warn:#734b00;--bad:#9b1d14}
html{font-size:10.5pt}
body,code{font-variant-ligatures:none}
body{line-height:1.45}
main{max-width:none;margin:0;padding:0}
h1{font-size:20pt}
h2{font-size:13pt;margin-top:1.6rem;padding-top:.6rem}
p{orphans:3;widows:3}
tr,.facts,blockquote,li{break-inside:avoid}
thead{display:table-header-group}
.table,pre{overflow:visible}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
a{text-decoration:none}
footer{margin-top:2rem}
}
`

/** What a page of this style may do: show it, and nothing else. */
export const DOCUMENT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(DOCUMENT_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`
