// The reader's own progress, from the server of this book. Where the book lies without that server, nothing appears.
(function () {
    const root = document.createElement('section');
    root.className = 'progress';
    root.setAttribute('aria-label', 'Your progress');

    const unit = (location.pathname.match(/unit-(\d)\/(?:index|exercise)\.html$|unit-(\d)\/$/) || []).slice(1).find(Boolean);
    const isStart = /(?:\/|introduction\.html|^\/index\.html)$/.test(location.pathname) && !unit;
    if (!unit && !isStart) return;

    function ofUnit(checks, number) {
        const ids = Object.keys(checks).filter(function (id) { return id.startsWith('U' + number + '-'); });
        const open = ids.filter(function (id) { return checks[id] !== 'pass' && checks[id] !== 'skipped'; });
        return { all: ids.length, passed: ids.length - open.length, next: open[0] };
    }

    function line(text) {
        const p = document.createElement('p');
        p.textContent = text;
        return p;
    }

    function show(checks) {
        const found = unit ? [Number(unit)] : [1, 2, 3, 4, 5, 6];
        const lines = found.map(function (number) {
            const it = ofUnit(checks, number);
            if (it.all === 0) return null;
            const next = it.next ? ' Next: ' + it.next + '.' : ' Done.';
            return 'Unit ' + number + ': ' + it.passed + ' of ' + it.all + ' checks passed when they last ran.' + next;
        }).filter(Boolean);
        root.replaceChildren.apply(root, lines.map(line));
        if (lines.length > 0 && !root.isConnected) {
            const heading = document.querySelector('main h1');
            if (heading) heading.after(root);
        }
    }

    function load() {
        fetch(path_to_root + 'progress.json', { cache: 'no-store' })
            .then(function (answer) { return answer.ok ? answer.json() : null; })
            .then(function (progress) { if (progress) show(progress.checks); })
            .catch(function () { /* No server, no progress: the page is complete without it. */ });
    }

    load();
    // Back from the terminal: the checks may have run meanwhile.
    document.addEventListener('visibilitychange', function () { if (!document.hidden) load(); });
})();
