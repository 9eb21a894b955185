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

  // Opens the operation that the address names. Swagger UI's own reading of the address logs an
  // error for each "_" in it, for the sake of old links that wrote spaces so, and our operation
  // ids are full of them. This is the same reading without the old links.
  const deepLinks = () => ({
    statePlugins: {
      layout: {
        wrapActions: {
          parseDeepLinkHash: (_original, { layoutActions, layoutSelectors }) => (hash) => {
            const [tag, operation] = hash.replace(/^#!?\/?/, "").split("/");
            if (!tag) return;
            const shown = layoutSelectors.isShownKeyFromUrlHashArray([tag, operation]);
            layoutActions.show(layoutSelectors.isShownKeyFromUrlHashArray([tag]), true);
            layoutActions.show(shown, true);
            layoutActions.scrollTo(shown);
            layoutActions.scrollToVirtualizedOperation(shown);
          },
        },
      },
    },
  });

  // An operation has ten refusals and more, each with an example. Shown in full they bury the rest
  // of the page, so each is one line that opens; what is closed is not drawn at all.
  const foldedRefusals = ({ React }) => ({
    wrapComponents: {
      response: (Response) => (props) => {
        const [open, setOpen] = React.useState(false);
        const create = React.createElement;
        if (props.code < "400" || props.code > "599") return create(Response, props);
        const words = String(props.response.get("description") ?? "").replaceAll("`", "");
        return create("tr", { className: "response" },
          create("td", { className: "response-col_status" }, props.code),
          create("td", { className: "refusal", colSpan: 2 },
            create("details", { onToggle: (event) => setOpen(event.currentTarget.open) },
              create("summary", null, words),
              open && create("table", null, create("tbody", null, create(Response, props))))));
      },
    },
  });

  // Swagger UI draws only the operations on the screen once there are 150 lines: the browser's own
  // search misses the others, and a link to an operation ends beside it. Here all are drawn, folded.
  const everyOperation = ({ React: { createElement } }) => ({
    components: {
      operations: ({ specSelectors, getComponent, ...shared }) => {
        const Tag = getComponent("OperationTag");
        const Operation = getComponent("OperationContainer", true);
        const drawn = (tag) => (op) => {
          const [path, method, specPath] = ["path", "method", "specPath"].map((of) => op.get(of));
          return createElement(Operation, { key: `${path}-${method}`, specPath, op, path, method, tag });
        };
        const drawnTag = (tagObj, tag) => createElement(Tag,
          { key: tag, tagObj, tag, getComponent, specUrl: specSelectors.url(), ...shared },
          createElement("div", { className: "operation-tag-content" },
            tagObj.get("operations").map(drawn(tag)).toArray()));
        return createElement("div", null, specSelectors.taggedOperations().map(drawnTag).valueSeq().toArray());
      },
    },
  });

  async function start() {
    const token = await demoToken();
    const ui = window.SwaggerUIBundle({
      dom_id: "#swagger-ui",
      url: "/openapi.json",
      deepLinking: true,
      plugins: [deepLinks, everyOperation, foldedRefusals],
      filter: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      requestSnippetsEnabled: true,
      // Unlike the default theme, each colour of this one is readable on both grounds.
      syntaxHighlight: { activated: true, theme: "tomorrow-night" },
      persistAuthorization: false,
      // The default is a public service, which would be told the address of the contract.
      validatorUrl: null,
      onComplete: () => {
        if (token) ui.preauthorizeApiKey("accessToken", token);
        document.querySelector(".operation-filter-input")?.setAttribute("aria-label", "Filter");
      },
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
