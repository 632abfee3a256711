using MMDetSharp.Core.Configs.Syntax;

namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>Parses imports: they only tell which names must not be used.</summary>
internal static class ImportParser
{
    internal static ImportStatement Parse(TokenReader reader)
    {
        var names = new List<NameExpression>();
        if (reader.Take().Text == "from")
        {
            SkipModule(reader);
            reader.Expect("import", "An import is written from a import b.");
            if (reader.TakeIf("*"))
            {
                return new ImportStatement(names);
            }
        }

        var isBracketed = reader.TakeIf("(");
        do
        {
            if (isBracketed && reader.Is(")"))
            {
                break;
            }

            names.Add(ParseName(reader));
        }
        while (reader.TakeIf(","));

        if (isBracketed)
        {
            reader.Expect(")", "The list of imports ends here.");
        }

        return new ImportStatement(names);
    }

    /// <summary><c>a.b as c</c> binds c; <c>a.b</c> binds a.</summary>
    private static NameExpression ParseName(TokenReader reader)
    {
        var name = reader.Expect(TokenKind.Name, "a name", "An import is written import a.b as c.");
        while (reader.TakeIf("."))
        {
            reader.Expect(TokenKind.Name, "a name", "A module's name follows the point.");
        }

        if (reader.TakeIf("as"))
        {
            name = reader.Expect(TokenKind.Name, "a name", "An import is written import a.b as c.");
        }

        return new NameExpression(name.Text, name.Origin);
    }

    private static void SkipModule(TokenReader reader)
    {
        while (!reader.Is("import") && !reader.Is(TokenKind.NewLine))
        {
            reader.Take();
        }
    }
}
