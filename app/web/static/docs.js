// Starts Swagger UI. Everything comes from this origin; the page runs no inline script.
"use strict";

(() => {
  // Swagger UI ships its dark colours under html.dark-mode; the system's preference switches them.
  // This file is loaded before the body, so that a dark page never flashes white.
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => document.documentElement.classList.toggle("dark-mode", prefersDark.matches);
  paint();
  prefersDark.addEventListener("change", paint);

  // Only a demo server hands out a token here; everywhere else the answer is null, and a person
  // signs in. A failure must not cost the reader the page.
  async function demoToken() {
    try {
      const answer = await fetch("/docs/config.json", { cache: "no-store" });
      return answer.ok ? (await answer.json()).access_token : null;
    } catch {
      return null;
    }
  }

  async function start() {
    const token = await demoToken();
    const ui = window.SwaggerUIBundle({
      dom_id: "#swagger-ui",
      url: "/openapi.json",
      deepLinking: true,
      filter: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      requestSnippetsEnabled: true,
      persistAuthorization: false,
      // By default Swagger UI shows the contract to a public validation service.
      validatorUrl: null,
      onComplete: () => {
        if (token) ui.preauthorizeApiKey("accessToken", token);
        document.querySelector(".operation-filter-input")?.setAttribute("aria-label", "Filter by tag");
      },
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
