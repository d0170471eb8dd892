/** The style sheet of the public page, published beside it: no colour speaks alone, contrast is AA in both schemes. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f7f9; --line: #d5dae1; --text: #1b2330; --soft: #566072; --link: #0b5cad;
  --operational: #1a7f37; --degraded: #8a5a00; --partial: #a8440a; --major: #b42318; --maintenance: #0b5cad;
  --on: #ffffff; --unknown: #c3c9d2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161d; --raised: #1a212b; --line: #323c4a; --text: #e7ebf0; --soft: #a3aebd; --link: #7ab7ff;
    --operational: #4ac26b; --degraded: #e0a92e; --partial: #f0883e; --major: #ff7b72; --maintenance: #7ab7ff;
    --on: #10151c; --unknown: #46515f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header.site, main, footer.site { max-width: 54rem; margin: 0 auto; padding: 0 1.25rem; }
header.site { padding-top: 1.75rem; padding-bottom: 1.25rem; }
header.site .name { font-size: 1.15rem; font-weight: 650; color: var(--text); text-decoration: none; }
header.site .name:hover { text-decoration: underline; }
footer.site { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2.5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
footer.site p { margin: .25rem 0; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; top: 0; background: var(--ground); padding: .5rem 1rem; }
.skip:focus { left: 0; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .85rem; }
h3 { font-size: 1rem; margin: 0; font-weight: 600; }
p { margin: .5rem 0; }
.lead, .facts, .when, .quiet, .bar-legend { color: var(--soft); }
.facts, .when, .quiet, .bar-legend { font-size: .875rem; }
.banner { padding: 1rem 1.25rem; border-radius: .5rem; color: var(--on); font-size: 1.25rem; }
.banner.none { background: var(--operational); }
.banner.minor { background: var(--degraded); }
.banner.major { background: var(--partial); }
.banner.critical { background: var(--major); }
.banner.maintenance { background: var(--maintenance); }
.incident { border: 1px solid var(--line); border-left: .35rem solid var(--soft); border-radius: .5rem; padding: 1rem 1.25rem; margin: 0 0 1rem; background: var(--raised); }
.incident.minor { border-left-color: var(--degraded); }
.incident.major { border-left-color: var(--partial); }
.incident.critical { border-left-color: var(--major); }
.incident.maintenance { border-left-color: var(--maintenance); }
.updates { list-style: none; margin: .75rem 0 0; padding: 0; }
.update + .update { border-top: 1px solid var(--line); margin-top: .75rem; padding-top: .75rem; }
.update-head { margin: 0; }
.body { overflow-wrap: anywhere; }
.body > :first-child { margin-top: .25rem; }
.body > :last-child { margin-bottom: 0; }
.body pre { overflow-x: auto; padding: .75rem; background: var(--ground); border: 1px solid var(--line); border-radius: .35rem; }
.components { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .5rem; }
.component { padding: .95rem 1.25rem; }
.component + .component { border-top: 1px solid var(--line); }
.component-head { display: flex; gap: .25rem 1rem; justify-content: space-between; align-items: baseline; flex-wrap: wrap; }
.state { font-weight: 600; font-size: .925rem; white-space: nowrap; }
.state::before { content: "\\25CF\\00A0"; }
.state.operational { color: var(--operational); }
.state.under_maintenance { color: var(--maintenance); }
.state.degraded_performance { color: var(--degraded); }
.state.partial_outage { color: var(--partial); }
.state.major_outage { color: var(--major); }
.state.degraded_performance::before, .state.partial_outage::before { content: "\\25B2\\00A0"; }
.state.major_outage::before { content: "\\25A0\\00A0"; }
.bar { display: flex; gap: 2px; height: 1.75rem; margin-top: .6rem; }
.bar span { flex: 1 1 0; min-width: 1px; border-radius: 1px; background: var(--unknown); }
.bar .operational { background: var(--operational); }
.bar .under_maintenance { background: var(--maintenance); }
.bar .degraded_performance { background: var(--degraded); }
.bar .partial_outage { background: var(--partial); }
.bar .major_outage { background: var(--major); }
.bar .unknown { height: 40%; align-self: end; }
.bar-legend { display: flex; justify-content: space-between; gap: .75rem; margin: .3rem 0 0; white-space: nowrap; }
.bar-legend .short { display: none; }
.day { margin-top: 1.25rem; }
.day h3 { border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
.day ul { padding-left: 1.1rem; margin: .5rem 0; }
.document { overflow-wrap: anywhere; margin-bottom: 2rem; }
.document h2 { margin-top: 2rem; }
.document h3 { margin: 1.5rem 0 .4rem; }
.document li { margin: .25rem 0; }
.document p, .document li, .document td { unicode-bidi: isolate; }
.document pre { overflow-x: auto; padding: .75rem; background: var(--raised); border: 1px solid var(--line); border-radius: .35rem; }
.document blockquote { margin: .75rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
.document .table { overflow-x: auto; }
.document table { border-collapse: collapse; width: 100%; }
.document th, .document td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
.documents { padding-left: 1.1rem; margin: .5rem 0; }
@media (max-width: 36rem) {
  .bar span:nth-child(-n+60) { display: none; }
  .bar-legend .long { display: none; }
  .bar-legend .short { display: inline; }
  .component, .incident { padding-left: 1rem; padding-right: 1rem; }
}
@media print { .banner { color: inherit; border: 2px solid; } }
`
