import { spawn } from 'node:child_process'; import { mkdtempSync } from 'node:fs'; import readline from 'node:readline';
import { chromium as b } from 'playwright-core'; import { looks } from './looks.mjs';
const dir = mkdtempSync('/tmp/cl/m-');
const child = spawn('/work/main/target/debug/mock-idp', ['serve','--http','localhost:0','--https','localhost:0','--data-dir',dir,'--directory','../directory.json'],{stdio:['ignore','pipe','inherit']});
let origin; for await (const l of readline.createInterface({input: child.stdout})) { const [n,v]=l.split(/ +/); if(n==='http'){origin=v;break;} }
const browser = await b.launch({ executablePath:'/usr/bin/chromium', args:['--no-sandbox','--disable-gpu','--disable-background-networking'] });
for (const s of looks.filter(s=>s.name.startsWith('page: provider')&&(!process.argv[2]||s.name.includes(process.argv[2])))) {
  const ctx = await browser.newContext({viewport:{width:1280,height:900}}); ctx.setDefaultTimeout(6000); const page = await ctx.newPage();
  await page.route('**/oauth2/v2.0/authorize*', async r => { const f = await r.fetch({maxRedirects:0}); const h={...f.headers(),'referrer-policy':'same-origin'}; await r.fulfill({response:f,headers:h}); }); await page.route('**/login**', async r => { const f = await r.fetch({maxRedirects:0}); const h={...f.headers(),'referrer-policy':'same-origin'}; await r.fulfill({response:f,headers:h}); });await page.route('**/consent*', async r => { const f = await r.fetch({maxRedirects:0}); const h={...f.headers(),'referrer-policy':'same-origin'}; await r.fulfill({response:f,headers:h}); });
  page.on('console', m => { if(/Content Security/.test(m.text())) console.log('CSP', m.text()); });
  try { await s.run(page, {mock:{origin}, keepPictures:true, pictures:'/tmp/cl/pics'}); console.log('ok', s.name);} catch(e){ console.log('FAIL', s.name, e.message, page.url()); await page.screenshot({path:`/tmp/cl/pics/FAIL-${s.name.replace(/\W+/g,'-')}.png`});} await ctx.close();
}
await browser.close(); child.kill();
