using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace MMDetSharp.Data.Datasets;

/// <summary>One annotation file in the XML format of PASCAL VOC: the size of an image and its objects.</summary>
public sealed record VocAnnotation
{
    /// <summary>The file it came from.</summary>
    public required string Path { get; init; }

    /// <summary>What <c>folder</c> says; empty if it is missing.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What <c>filename</c> says; empty if it is missing. VOC's own readers do not use it.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Width in pixels as annotated; 0 where the file does not know it.</summary>
    public int Width { get; init; }

    /// <summary>Height in pixels as annotated; 0 where the file does not know it.</summary>
    public int Height { get; init; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<VocObject> Objects { get; init; } = [];

    /// <summary>Reads one annotation file.</summary>
    /// <param name="path">An XML file.</param>
    /// <exception cref="DatasetException">It is missing, not XML, or an object lacks its name or box.</exception>
    public static VocAnnotation Load(string path)
    {
        var root = LoadRoot(path);
        var size = root.Element("size");
        return new VocAnnotation
        {
            Path = path,
            Folder = root.Element("folder")?.Value.Trim() ?? "",
            FileName = root.Element("filename")?.Value.Trim() ?? "",
            Width = size is null ? 0 : Pixels(path, size, "width"),
            Height = size is null ? 0 : Pixels(path, size, "height"),
            Objects = [.. root.Elements("object").Select((element, i) => ReadObject(path, element, i))],
        };
    }

    /// <summary>
    /// Width and height: as annotated, or as the image's own header says where the file does not know.
    /// </summary>
    /// <param name="imagePath">The image.</param>
    /// <exception cref="DatasetException">Neither the file nor the image says it.</exception>
    public (int Width, int Height) SizeOf(string imagePath)
    {
        if (Width > 0 && Height > 0)
        {
            return (Width, Height);
        }

        return ImageSize.TryRead(imagePath, out var width, out var height)
            ? (width, height)
            : throw new DatasetException(
                $"{Path}: size must hold width and height, found none, and {imagePath} is no readable JPEG, PNG "
                + "or BMP. Write the size, or mend the image.");
    }

    /// <summary>Width and height from the header of a JPEG, PNG or BMP file, without decoding it.</summary>
    /// <param name="imagePath">The image.</param>
    /// <param name="size">Width and height in pixels; 0 where they are not known.</param>
    /// <returns>Whether the file is there and has such a header.</returns>
    public static bool TryReadImageSize(string imagePath, out (int Width, int Height) size)
    {
        var found = ImageSize.TryRead(imagePath, out var width, out var height);
        size = (width, height);
        return found;
    }

    private static XElement LoadRoot(string path)
    {
        try
        {
            return XDocument.Load(path, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            throw new DatasetException(
                $"{path}:{e.LineNumber}: the file must be XML: {e.Message} Mend or copy it again.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException(
                $"{path}: the annotation does not exist. Add it, or take its name out of the image set.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: the file cannot be read: {e.Message}", e);
        }
    }

    private static VocObject ReadObject(string path, XElement element, int index)
    {
        var place = $"{path}:{Line(element)}: object {index}";
        var name = element.Element("name")?.Value.Trim();
        if (string.IsNullOrEmpty(name))
        {
            throw new DatasetException($"{place}: must have a name, found none. Name its class.");
        }

        place += $" ({name})";
        var box = element.Element("bndbox")
            ?? throw new DatasetException($"{place}: must have a bndbox, found none. Add it or remove the object.");
        return new VocObject(name, IsSet(place, element.Element("difficult")))
        {
            XMin = Coordinate(place, box, "xmin"),
            YMin = Coordinate(place, box, "ymin"),
            XMax = Coordinate(place, box, "xmax"),
            YMax = Coordinate(place, box, "ymax"),
        };
    }

    private static int Pixels(string path, XElement size, string name)
    {
        var text = size.Element(name)?.Value.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return 0;
        }

        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var pixels) && pixels >= 0
            ? pixels
            : throw new DatasetException(
                $"{path}:{Line(size)}: {name} must be a count of pixels, found '{text}'. Write the image's size.");
    }

    private static double Coordinate(string place, XElement box, string name)
    {
        var text = box.Element(name)?.Value.Trim();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? value
            : throw new DatasetException(
                $"{place}: {name} must be a finite number, found {(text is null ? "none" : $"'{text}'")}. "
                + "Mend it or remove the object.");
    }

    private static bool IsSet(string place, XElement? flag)
    {
        var text = flag?.Value.Trim() ?? "";
        if (text.Length == 0)
        {
            return false;
        }

        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value != 0
            : throw new DatasetException($"{place}: difficult must be 0 or 1, found '{text}'. Mend it.");
    }

    private static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;
}

/// <summary>One <c>object</c> of a VOC annotation.</summary>
/// <param name="Name">Its class.</param>
/// <param name="IsDifficult">Marked as hard to recognise: neither a target nor a false positive.</param>
public readonly record struct VocObject(string Name, bool IsDifficult)
{
    /// <summary>Left edge as written: pixels counted from 1.</summary>
    public double XMin { get; init; }

    /// <summary>Upper edge as written: pixels counted from 1.</summary>
    public double YMin { get; init; }

    /// <summary>Right edge as written: the last pixel of the object, counted from 1.</summary>
    public double XMax { get; init; }

    /// <summary>Lower edge as written: the last pixel of the object, counted from 1.</summary>
    public double YMax { get; init; }
}
