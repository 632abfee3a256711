namespace MMDetSharp.Engine.Training.Loop;

/// <summary>The name <c>latest.pth</c> that always leads to the newest checkpoint.</summary>
internal static class LatestLink
{
    /// <summary>The file name, as the reference's.</summary>
    internal const string Name = "latest.pth";

    /// <summary>Points the name at a file of the same folder, in one step: it never leads nowhere.</summary>
    /// <param name="checkpoint">The newest checkpoint.</param>
    /// <remarks>Where links cannot be made, it is a copy.</remarks>
    internal static void Point(string checkpoint)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(checkpoint))!;
        var temporary = Path.Combine(folder, $".{Name}.{Guid.NewGuid():N}.tmp");
        try
        {
            MakeLink(checkpoint, temporary);
            File.Move(temporary, Path.Combine(folder, Name), overwrite: true);
        }
        finally
        {
            if (Path.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }

    private static void MakeLink(string checkpoint, string temporary)
    {
        try
        {
            File.CreateSymbolicLink(temporary, Path.GetFileName(checkpoint));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Copy(checkpoint, temporary, overwrite: true);
        }
    }
}
