// The document: headings, paragraphs, facts, call stacks, code and links, in the order in which they are read. Main entry:
// <heapatlas-document>, registered for 'document'. Set up by widget-host.ts. Must hold: every text is drawn as text.
import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Block, Link } from "./document-data.ts";
import { markdownOf } from "./document-markdown.ts";
import { registerRenderer } from "./registry.ts";
import { stackLines, stackStyle } from "./stack-lines.ts";
import { tokens } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";

@customElement("heapatlas-document")
export class DocumentElement extends WidgetElement<"document"> {
  static override styles = [
    tokens,
    stackStyle,
    css`
      :host {
        display: flex;
        flex: 1 1 auto;
        min-height: 0;
      }
      article {
        flex: 1;
        min-width: 0;
        padding: 0 4px 12px;
        overflow: auto;
        container: article / inline-size;
        font-size: 13px;
        line-height: 1.55;
      }
      article:focus-visible {
        outline-offset: -2px;
      }
      article > * {
        max-width: 860px;
      }
      h3,
      h4,
      h5 {
        margin: 18px 0 6px;
        overflow-wrap: anywhere;
        line-height: 1.3;
      }
      h3 {
        margin-top: 4px;
        font-size: 17px;
      }
      h4 {
        font-size: 14px;
      }
      h5 {
        margin-top: 10px;
        font-size: 13px;
      }
      p {
        margin: 0 0 8px;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 2px 18px;
        margin: 0 0 8px;
      }
      dt {
        color: var(--ha-muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        font-variant-numeric: tabular-nums;
      }
      pre {
        margin: 0 0 8px;
        padding: 8px 12px;
        border-radius: 5px;
        background: var(--ha-panel);
        font: 12px/1.6 var(--ha-mono);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .stack {
        margin-bottom: 8px;
        padding: 6px 12px 8px 8px;
        border-radius: 5px;
      }
      ul {
        margin: 0 0 8px;
        padding: 0;
        list-style: none;
      }
      ul li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        padding: 2px 0;
      }
      ul span {
        color: var(--ha-muted);
        overflow-wrap: anywhere;
      }
      button.link {
        overflow-wrap: anywhere;
        text-decoration: underline;
      }
      @container article (max-width: 480px) {
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          margin-bottom: 4px;
        }
        .stack li {
          grid-template-columns: 18px minmax(0, 1fr);
          column-gap: 8px;
          padding-bottom: 3px;
        }
        .stack .function {
          white-space: normal;
          overflow-wrap: anywhere;
        }
        .stack .place {
          grid-column: 2;
        }
      }
    `,
  ];

  override asText(): string {
    const { frame } = this;
    return frame?.data === undefined ? "" : markdownOf(frame.title, frame.data);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { frame } = this;
    if (frame?.data === undefined) return nothing;
    return html`<article tabindex="0" aria-label=${frame.title}>
      ${frame.data.blocks.map((block) => this.renderBlock(block))}
    </article>`;
  }

  private renderBlock(block: Block): TemplateResult {
    switch (block.kind) {
      case "heading":
        return heading(block.level, block.text);
      case "paragraph":
        return html`<p>${block.text}</p>`;
      case "code":
        return html`<pre><code>${block.text}</code></pre>`;
      case "facts":
        return html`<dl>
          ${block.facts.map(
            ({ title, text }) =>
              html`<dt>${title}</dt>
                <dd>${text}</dd>`,
          )}
        </dl>`;
      case "stack":
        return stackLines(this, block.stack);
      case "links":
        return html`<ul>
          ${block.links.map((link) => this.renderLink(link))}
        </ul>`;
    }
  }

  private renderLink({ title, text, action, target }: Link): TemplateResult {
    return html`<li>
      <button class="link" @click=${() => this.act({ action, target })}>${title}</button>
      ${text === "" ? nothing : html`<span>${text}</span>`}
    </li>`;
  }
}

/** The host's title is the heading above the first. */
function heading(level: 1 | 2 | 3, text: string): TemplateResult {
  switch (level) {
    case 1:
      return html`<h3>${text}</h3>`;
    case 2:
      return html`<h4>${text}</h4>`;
    case 3:
      return html`<h5>${text}</h5>`;
  }
}
registerRenderer("document", "heapatlas-document", "Markdown");
