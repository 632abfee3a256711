namespace MMDetSharp.Core.Configs.Parsing;

/// <summary>The <c>{{ name }}</c> of mmcv: <c>{{ fileDirname }}</c>, <c>{{ _base_.model.type }}</c>.</summary>
internal static class TemplateReference
{
    /// <summary>Reads the reference that begins with the two braces at a position.</summary>
    internal static bool TryRead(string text, int start, out string name, out int end)
    {
        var first = SkipSpace(text, start + 2);
        var last = first;
        while (last < text.Length && (text[last] == '.' || PythonText.IsNamePart(text[last])))
        {
            last++;
        }

        end = SkipSpace(text, last);
        name = text[first..last];
        var isClosed = end + 1 < text.Length && text[end] == '}' && text[end + 1] == '}';
        end += 2;
        return isClosed && name.Length > 0;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
