// GraphiQL's markup where axe finds serious faults in it, put right as soon as it is on the page.

const mends = {
  // A tab holds no other control: the button is the tab, which the key Delete closes.
  ".graphiql-tab[aria-selected]": (item) => {
    const [button] = item.children;
    button.setAttribute("role", "tab");
    button.setAttribute("aria-selected", item.getAttribute("aria-selected"));
    item.setAttribute("role", "presentation");
    item.removeAttribute("aria-selected"); // GraphiQL sets it again when another tab is chosen
    button.onkeydown = ({ key }) => {
      if (key === "Delete") item.querySelector(".graphiql-tab-close")?.click(); // none where it is the only tab
    };
  },
  ".graphiql-tab-close:not([aria-hidden])": (close) => {
    close.setAttribute("aria-hidden", "true");
    close.tabIndex = -1;
  },
  // Its name is the operation's, not the same for all.
  ".graphiql-history-item-label[aria-label]": (button) => button.removeAttribute("aria-label"),
  ".graphiql-explorer-root select:not([aria-label])": (select) =>
    select.setAttribute("aria-label", "What the new operation is"),
};

export function mendMarkup(root) {
  const mend = () => {
    for (const [selector, mendOne] of Object.entries(mends)) root.querySelectorAll(selector).forEach(mendOne);
  };
  const attributeFilter = ["aria-selected", "aria-label"];
  new MutationObserver(mend).observe(root, { subtree: true, childList: true, attributeFilter });
}
