# SPDX-License-Identifier: GPL-2.0
"""Commands and their outputs: found, and written anew."""

import unittest
from pathlib import Path

from docs_outputs.blocks import Block, MalformedError, blocks_of, with_blocks

PAGE = """\
Before.

.. code-block:: console
   :class: checked

   $ scripts/vm -- scripts/memalloc list
   probe      What?

   sweep      How?
   # for name in a b; do
   >     echo $name
   > done
   a

* In a list:

  .. code-block:: console
     :class: checked refused

     # false

.. code-block:: console

   $ not run
   and so on
"""
MARKDOWN = """\
Text.

<!-- checked -->
```console
$ make run
a table

another
```

```console
$ not run
```
"""


def blocks(text: str) -> list[Block]:
    return list(blocks_of(Path("page"), text))


class Found(unittest.TestCase):
    def test_blocks_that_are_marked_are_found(self) -> None:
        found = blocks(PAGE)
        self.assertEqual(
            [[command.text for command in block.commands] for block in found],
            [
                [
                    "scripts/vm -- scripts/memalloc list",
                    "for name in a b; do\n    echo $name\ndone",
                ],
                ["false"],
            ],
        )
        self.assertEqual([block.is_refused for block in found], [False, True])
        self.assertEqual([block.place for block in found], ["page:6", "page:20"])

    def test_outputs_belong_to_their_commands(self) -> None:
        first, second = blocks(PAGE)[0].commands
        self.assertEqual(first.output, ["probe      What?", "", "sweep      How?"])
        self.assertEqual(second.output, ["a"])

    def test_markdown_has_blocks_too(self) -> None:
        (block,) = blocks(MARKDOWN)
        self.assertEqual(block.commands[0].output, ["a table", "", "another"])
        self.assertTrue(block.commands[0].is_for_host)

    def test_what_boots_a_machine_of_its_own_is_for_the_host(self) -> None:
        for text, is_for_host in (
            ("$ make help", True),
            ("$ scripts/vm --cpus 1 -- true", True),
            ("$ scripts/test --help", True),
            ("$ scripts/vm -- true", False),
            ("$ scripts/memalloc list", False),
            ("# make help", False),
        ):
            page = f".. code-block:: console\n   :class: checked\n\n   {text}\n"
            self.assertEqual(blocks(page)[0].commands[0].is_for_host, is_for_host, text)

    def test_a_block_begins_with_a_command(self) -> None:
        for body in ("output first\n", "\nTo the left.\n"):
            with self.assertRaises(MalformedError):
                blocks(f".. code-block:: console\n   :class: checked\n\n   {body}")


class Written(unittest.TestCase):
    def test_pages_are_written_as_they_were(self) -> None:
        for page in (PAGE, MARKDOWN):
            self.assertEqual(with_blocks(page, blocks(page)), page)

    def test_outputs_are_exchanged_and_nothing_else(self) -> None:
        found = blocks(PAGE)
        found[0].commands[0].output = ["one line"]
        found[1].commands[0].output = ["much", "", "more"]
        old = "   probe      What?\n\n   sweep      How?\n"
        expected = PAGE.replace(old, "   one line\n")
        expected = expected.replace("     # false\n", "     # false\n     much\n\n     more\n")
        self.assertEqual(with_blocks(PAGE, found), expected)


if __name__ == "__main__":
    unittest.main()
