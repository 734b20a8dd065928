// The doors of the book, as forms knock on them: one answer, whatever happens on the way.
export function doorsOf(facts) {
  // {ok, answer}: the answer's words are in `said`, or in `refusal` with `insist` for what can be done on purpose.
  async function post(address, fields) {
    const body = new URLSearchParams([["_csrf", facts.csrf]]);
    Object.entries(fields).forEach(([name, value]) =>
      [value].flat().filter((each) => each !== undefined && each !== null).forEach((each) => body.append(name, each)),
    );
    let response;
    try {
      response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      return { ok: false, answer: { refusal: facts.words.unreachable } };
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.said) return { ok: true, answer };
    return { ok: false, answer: { insist: null, ...answer, refusal: answer.refusal ?? facts.words.failed } };
  }

  const at = (ref, door) => `${facts.desk}/appointments/${ref}/${door}`;
  return { post, at };
}
