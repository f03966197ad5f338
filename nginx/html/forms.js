// SPDX-License-Identifier: Apache-2.0
// Register and log in. What is wrong with a field is said at the field, by the page when it can
// see it and in the server's words when it cannot.

import { logIn, NoAnswer, register } from './api.js';

const labels = { username: 'The name', email: 'The mail address', password: 'The password' };

// The server judges; this only saves a round trip where the answer is certain.
function complaint(input) {
  const { validity: v, minLength, maxLength, name } = input;
  const label = labels[name];
  if (v.valueMissing) return `${label} is missing.`;
  if (v.tooShort || (minLength > 0 && input.value.length < minLength)) {
    return `${label} needs at least ${minLength} characters.`;
  }
  if (v.tooLong) return `${label} may have at most ${maxLength} characters.`;
  if (v.patternMismatch) {
    return `${label} takes letters, digits, dot, dash and underscore; no dot or dash comes first.`;
  }
  if (v.typeMismatch) return 'That does not look like a mail address.';
  return '';
}

function mark(form, name, text) {
  const input = form.elements[name];
  const place = document.getElementById(`${input.id}-error`);
  place.textContent = text;
  if (text) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

const fieldsOf = (form) => [...form.elements].filter(({ name }) => name);

function refused(form, error) {
  const general = form.querySelector('.form-error');
  const input = error.field && form.elements[error.field];
  if (input) {
    const text = error.reason ? `${labels[error.field]} ${error.reason}`
      : error.kind === 'already-exists' ? `${labels[error.field]} is taken` : error.message;
    mark(form, error.field, text.replace(/\.?$/, '.'));
    input.focus();
  } else if (error.status === 401) {
    general.textContent = 'No player has this name and password.';
    form.elements.password.select();
  } else if (error.retryAfter) {
    general.textContent = `The server asks for a pause. Try again in ${error.retryAfter} s.`;
  } else if (error instanceof NoAnswer) {
    general.textContent = 'No answer from the server. Try again in a moment.';
  } else {
    general.textContent = error.message;
  }
}

function wire(form, submit) {
  form.noValidate = true;  // The bubbles of the browser cannot be read again; our lines can.
  const button = form.querySelector('[type=submit]');
  form.addEventListener('input', ({ target }) => {
    if (target.getAttribute('aria-invalid') && !complaint(target)) mark(form, target.name, '');
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-busy') === 'true') return;
    form.querySelector('.form-error').textContent = '';
    for (const input of fieldsOf(form)) mark(form, input.name, complaint(input));
    const wrong = form.querySelector('[aria-invalid]');
    if (wrong) return wrong.focus();
    button.setAttribute('aria-busy', 'true');
    try {
      await submit(Object.fromEntries(fieldsOf(form).map(({ name, value }) => [name, value])));
      form.reset();
    } catch (error) {
      refused(form, error);
    } finally {
      button.removeAttribute('aria-busy');
    }
  });
}

export function start(section) {
  const forms = {
    register: section.querySelector('#register'),
    login: section.querySelector('#login'),
  };
  const choices = [...section.querySelectorAll('[data-form]')];
  const choose = (chosen) => {
    for (const choice of choices) {
      const active = choice.dataset.form === chosen;
      choice.setAttribute('aria-pressed', String(active));
      forms[choice.dataset.form].hidden = !active;
    }
  };
  for (const choice of choices) choice.addEventListener('click', () => choose(choice.dataset.form));
  for (const box of section.querySelectorAll('.reveal input')) {
    box.addEventListener('change', () => {
      box.form.elements.password.type = box.checked ? 'text' : 'password';
    });
  }

  wire(forms.register, async (fields) => {
    await register(fields);
    choose('login');  // Should the next step fail, this is where the player can go on.
    forms.login.elements.username.value = fields.username;
    await logIn(fields.username, fields.password);
  });
  wire(forms.login, ({ username, password }) => logIn(username, password));
}
