// The landing page: signs in and out, shows who one is and whether the services are well.
"use strict";

const byId = (id) => document.getElementById(id);
const SESSION = "/api/org/v1/session";
let csrf = "";
let oneTime = "";

async function call(method, url, body) {
  const headers = { "Accept-Language": "zh-CN" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  const data = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(problemText(data));
  return data;
}

function problemText(problem) {
  if (!problem) return "服务无应答 / No answer";
  const details = (problem.errors || []).map((e) => e.detail).join(";");
  return details ? `${problem.detail}:${details}` : problem.detail;
}

function showOnly(card) {
  for (const id of ["sign-in-card", "change-card", "me-card"]) byId(id).hidden = id !== card;
}

function fact(term, value) {
  const dt = document.createElement("dt");
  const dd = document.createElement("dd");
  dt.textContent = term;
  dd.textContent = value;
  return [dt, dd];
}

function showMe(who) {
  csrf = who.csrf;
  byId("me").replaceChildren(
    ...fact("姓名 Name", who.account.name),
    ...fact("账号 Account", who.account.username),
    ...(who.unit ? fact("单位 Unit", who.unit.name) : []),
  );
  byId("permissions").replaceChildren(
    ...who.permissions.map((permission) => {
      const item = document.createElement("li");
      item.textContent = permission.zh;
      item.title = permission.en;
      return item;
    }),
  );
  showOnly("me-card");
}

async function handle(form, errorId, act) {
  const button = form.querySelector("button");
  const error = byId(errorId);
  error.hidden = true;
  button.disabled = true;
  try {
    await act();
  } catch (problem) {
    error.textContent = problem.message;
    error.hidden = false;
  } finally {
    button.disabled = false;
  }
}

async function afterSignIn(session) {
  csrf = session.csrf;
  if (session.must_change_password) {
    showOnly("change-card");
    byId("new-password").focus();
  } else {
    showMe(await call("GET", SESSION));
  }
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  handle(event.target, "sign-in-error", async () => {
    oneTime = byId("password").value;
    const session = await call("POST", SESSION, { username: byId("username").value, password: oneTime });
    byId("password").value = "";
    await afterSignIn(session);
  });
});

byId("change").addEventListener("submit", (event) => {
  event.preventDefault();
  handle(event.target, "change-error", async () => {
    const chosen = byId("new-password").value;
    await call("POST", "/api/org/v1/password", { current: oneTime, new: chosen });
    byId("new-password").value = "";
    await afterSignIn(await call("POST", SESSION, { username: byId("username").value, password: chosen }));
  });
});

byId("sign-out").addEventListener("click", async () => {
  await call("DELETE", SESSION);
  showOnly("sign-in-card");
  byId("username").focus();
});

async function showState() {
  let services = {};
  try {
    services = (await (await fetch("/health/ready")).json()).services;
  } catch {
    services = { gateway: false };
  }
  byId("services").replaceChildren(
    ...Object.entries(services).map(([name, well]) => {
      const item = document.createElement("li");
      item.className = well ? "well" : "unwell";
      item.textContent = `${name}: ${well ? "正常 ready" : "未就绪 not ready"}`;
      return item;
    }),
  );
}

showState();
setInterval(showState, 15000);
call("GET", SESSION).then(showMe, () => showOnly("sign-in-card"));
