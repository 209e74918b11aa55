// What a mouse can do on a page of this book, a keyboard can do, too.
(function () {
    // The button that shows and hides the table of contents. In mdBook it is a label of this invisible checkbox.
    const checkbox = document.getElementById('mdbook-sidebar-toggle-anchor');
    document.getElementById('mdbook-sidebar-toggle').addEventListener('click', function () {
        checkbox.click();
    });

    // A table that is wider than the window scrolls sideways; the arrow keys scroll what has the focus.
    document.querySelectorAll('.table-wrapper').forEach(function (wrapper) {
        if (wrapper.scrollWidth > wrapper.clientWidth) {
            wrapper.tabIndex = 0;
            wrapper.setAttribute('role', 'group');
            wrapper.setAttribute('aria-label', 'Table, wider than the window');
        }
    });
})();
