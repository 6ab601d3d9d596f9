/** The style of the HTML report: one column, light and dark, from phones to wide screens. */

export const STYLE = `
:root{color-scheme:light dark;--text:#1c2024;--quiet:#5b6470;--page:#f6f7f8;--card:#fff;--line:#dfe3e7;
--bad:#b42318;--bad-bg:#fdecea;--warn:#8a5a00;--warn-bg:#fdf3dc;--good:#156b3a;--good-bg:#e4f4ea;--code:#f0f2f4}
@media (prefers-color-scheme:dark){:root{--text:#e6e9ec;--quiet:#9aa4af;--page:#14171a;--card:#1c2024;--line:#31373d;
--bad:#ff8f84;--bad-bg:#3a1d1b;--warn:#f0c060;--warn-bg:#352a12;--good:#7fd6a0;--good-bg:#17301f;--code:#262b30}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.05rem;margin:2rem 0 .6rem}
p{margin:.25rem 0}
.quiet,dt,footer{color:var(--quiet)}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:1rem 0 0;list-style:none}
.counts li{border-radius:.4rem;padding:.15rem .6rem;background:var(--code);font-variant-numeric:tabular-nums}
.fail{--tone:var(--bad);--tone-bg:var(--bad-bg)}
.warn{--tone:var(--warn);--tone-bg:var(--warn-bg)}
.pass{--tone:var(--good);--tone-bg:var(--good-bg)}
.skip{--tone:var(--quiet);--tone-bg:var(--code)}
.counts li[class],.mark{background:var(--tone-bg);color:var(--tone);font-weight:600}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin:.6rem 0;padding:.7rem .9rem;overflow-wrap:anywhere}
.card.fail,.card.warn{border-left:4px solid var(--tone)}
.card h3{font-size:1rem;margin:0;display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:baseline}
.mark{border-radius:.3rem;padding:0 .45rem;font-size:.8rem;white-space:nowrap}
dl{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.15rem .75rem;margin:.4rem 0 0}
dd{margin:0;white-space:pre-wrap}
dd.do{font-weight:600}
code,dd.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
ol.recap{margin:0;padding-left:1.4rem}
ol.recap li{margin:.35rem 0;overflow-wrap:anywhere}
details{background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin:.6rem 0}
summary{cursor:pointer;padding:.6rem .9rem}
details ul{list-style:none;margin:0;padding:0 .9rem .5rem}
details li{border-top:1px solid var(--line);padding:.35rem 0;display:flex;flex-wrap:wrap;gap:.1rem .75rem;overflow-wrap:anywhere}
details li>:first-child{flex:0 0 auto}
details li>.quiet{min-width:0}
footer{margin-top:2.5rem;font-size:.85rem}
@media (max-width:30rem){dl{grid-template-columns:5.4rem minmax(0,1fr);gap:.15rem .5rem}.card{padding:.6rem .7rem}}
@media print{body{background:none}details,.card{break-inside:avoid}}
`;
