// The knowledge checks: choose an answer first, then see whether it is right. Without this file each answer is a line that opens.
// Nothing is kept, and nothing is sent anywhere.
(function () {
    function make(name, properties, children) {
        const element = Object.assign(document.createElement(name), properties);
        element.append(...children);
        return element;
    }

    function addForm(question) {
        const several = 'several' in question.dataset;
        const list = question.querySelector('.choices');
        const answers = Array.from(list.querySelectorAll('details'), function (details) {
            const text = details.querySelector('summary').textContent;
            const input = make('input', { type: several ? 'checkbox' : 'radio', name: question.querySelector('h3').id }, []);
            return { text: text, input: input, right: 'right' in details.dataset, explanation: details.querySelector('p') };
        });

        // What is asked stands at the end of the stem.
        const asked = question.querySelector('.stem > p:last-of-type');
        const hint = question.querySelector('.several');
        const legend = make('legend', {}, [asked.textContent, ...(hint ? [' ' + hint.textContent] : [])]);
        asked.remove();
        if (hint) hint.remove();

        const result = make('div', { className: 'result' }, []);
        result.setAttribute('role', 'status');
        const labels = answers.map(function (answer) {
            return make('label', {}, [answer.input, make('span', {}, [answer.text])]);
        });
        const form = make('form', {}, [
            make('fieldset', {}, [legend, ...labels]),
            make('button', { type: 'submit' }, ['Check my answer']),
            result,
        ]);
        form.addEventListener('change', function () {
            result.replaceChildren();
        });
        form.addEventListener('submit', function (event) {
            event.preventDefault();
            result.replaceChildren(...verdict(answers, several));
        });
        const explained = make('details', {}, [make('summary', {}, ['Explain every answer'])]);
        list.before(form, explained);
        explained.append(list);
        // The answers in the list need no second click.
        list.querySelectorAll('details').forEach(function (details) {
            details.open = true;
        });
    }

    /** What is said about the answers that are chosen. */
    function verdict(answers, several) {
        const chosen = answers.filter(function (answer) {
            return answer.input.checked;
        });
        if (chosen.length === 0) return [make('p', {}, ['Choose an answer first.'])];
        const explained = chosen.map(function (answer) {
            const explanation = answer.explanation.cloneNode(true);
            if (several) explanation.prepend(make('em', {}, [answer.text + ': ']));
            return explanation;
        });
        return several ? [make('p', {}, [make('strong', {}, [summary(answers, chosen)])]), ...explained] : explained;
    }

    function summary(answers, chosen) {
        const isRight = function (answer) {
            return answer.right;
        };
        if (!chosen.every(isRight)) return 'That is not it yet.';
        return chosen.length === answers.filter(isRight).length ? 'Right. These are all.' : 'Right so far, but an answer is missing.';
    }

    document.querySelectorAll('.question').forEach(addForm);
})();
