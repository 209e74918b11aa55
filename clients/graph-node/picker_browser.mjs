// The browser of a script that signs in by itself, for the variable BROWSER (xdg-open): picks the account that PICK_ACCOUNT names,
// and goes where the answer sends it, to the port at which the script waits.

import { signIn } from './browser.mjs';

await fetch(await signIn(process.argv[2], process.env.PICK_ACCOUNT));
