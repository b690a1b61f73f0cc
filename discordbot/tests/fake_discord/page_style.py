"""How the page of the local Discord looks."""

STYLE = """
:root{color-scheme:light dark;font:15px/1.45 system-ui,sans-serif}
body{display:grid;grid-template-columns:17rem minmax(0,1fr);margin:0;min-height:100vh}
.outer body{grid-template-columns:minmax(0,1fr) 22rem}.outer main{padding:0}iframe{width:100%;height:100vh;border:0}
nav,main,aside{padding:1rem;box-sizing:border-box}nav,aside{background:#8881}
nav ul{list-style:none;padding:0}nav li.thread{padding-left:1rem}a[aria-current]{font-weight:700}
article{border-top:1px solid #8884;padding:.5rem 0}h1{font-size:1.2rem}h2{font-size:1rem;margin:0}
.words{white-space:pre-wrap;margin:.2rem 0;overflow-wrap:anywhere}.system{opacity:.6}small{opacity:.7;font-weight:400}
blockquote{margin:.4rem 0;padding:.4rem .8rem;border-left:4px solid #5865f2;background:#8881}
article form{display:inline-block;margin:.2rem .3rem .2rem 0}img{max-width:100%;max-height:20rem;display:block}
button,.button{font:inherit;padding:.25rem .7rem;border-radius:.3rem}.style1{background:#5865f2;color:#fff}
.style3{background:#1f7a45;color:#fff}.style4{background:#b3261e;color:#fff}label{display:block;margin:.4rem 0}
textarea,input,select{font:inherit;width:100%;box-sizing:border-box}section{margin:1rem 0}
.reaction{border:1px solid #8886;border-radius:1rem;padding:0 .5rem}
.failed,.stuck{border:2px solid #b3261e;padding:.5rem}
"""
