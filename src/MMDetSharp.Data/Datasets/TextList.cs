namespace MMDetSharp.Data.Datasets;

/// <summary>Text files with one name a line: class names, VOC's image sets.</summary>
internal static class TextList
{
    /// <summary>The lines without their ends and without blank ones.</summary>
    /// <exception cref="DatasetException">The file is missing or cannot be read.</exception>
    internal static IReadOnlyList<string> Load(string path, string whatToDo)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"{path}: the file does not exist. {whatToDo}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: the file cannot be read: {e.Message} {whatToDo}", e);
        }
    }
}
