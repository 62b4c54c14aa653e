// Shows the OpenAPI document of the chosen service; requests from the page carry the CSRF token of the session.
"use strict";

const choice = document.getElementById("service");
let csrf = "";

function show(url) {
  window.SwaggerUIBundle({
    url,
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    docExpansion: "list",
    requestInterceptor(request) {
      if (csrf && request.method !== "GET") request.headers["X-CSRF-Token"] = csrf;
      return request;
    },
  });
}

async function start() {
  const session = await fetch("/api/org/v1/session");
  if (session.ok) csrf = (await session.json()).csrf;
  const { services } = await (await fetch("/api/services")).json();
  for (const { name, openapi } of services) choice.add(new Option(name, openapi));
  choice.addEventListener("change", () => show(choice.value));
  show(services[0].openapi);
}

start();
