// The button that shows and hides the table of contents is a label in mdBook: a mouse can press it, a keyboard cannot.
// Without scripts the table of contents is always shown, and the button is not needed.
(function () {
    const toggle = document.getElementById('mdbook-sidebar-toggle');
    if (!toggle) {
        return;
    }
    toggle.setAttribute('role', 'button');
    toggle.tabIndex = 0;
    toggle.addEventListener('keydown', function (event) {
        if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            toggle.click();
        }
    });
})();
