using System.Text.Json;

namespace MMDetSharp.Data.Datasets;

/// <summary>Reads COCO's annotation format in one pass over the bytes. The lists may come in any order.</summary>
internal static class CocoAnnotationReader
{
    private const string WhatToDo = "Set ann_file (and data_root) to where the annotations lie.";

    internal static CocoAnnotations Read(string path)
    {
        var bytes = JsonCursor.ReadFile(path, WhatToDo);
        var cursor = new JsonCursor(path, bytes.Span);
        try
        {
            return Read(path, ref cursor);
        }
        catch (JsonException e)
        {
            throw cursor.Explain(e);
        }
    }

    private static CocoAnnotations Read(string path, ref JsonCursor cursor)
    {
        List<CocoImage>? images = null;
        List<CocoCategory>? categories = null;
        List<CocoAnnotation>? annotations = null;
        var withoutArea = 0;
        cursor.Next();
        cursor.BeginObject("the file");
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("images"u8))
            {
                images = ReadImages(ref cursor);
            }
            else if (cursor.NameIs("categories"u8))
            {
                categories = ReadCategories(ref cursor);
            }
            else if (cursor.NameIs("annotations"u8))
            {
                annotations = ReadAnnotations(ref cursor, out withoutArea);
            }
            else
            {
                cursor.SkipValue();
            }

            cursor.EnterSection("");
        }

        cursor.EndOfFile();
        return new CocoAnnotations(
            path,
            images ?? throw Missing(ref cursor, "images"),
            categories ?? throw Missing(ref cursor, "categories"),
            annotations ?? throw Missing(ref cursor, "annotations"))
        {
            WithoutArea = withoutArea,
        };
    }

    private static DatasetException Missing(ref JsonCursor cursor, string list) => cursor.Error(
        $"the file must have the lists 'images', 'categories' and 'annotations', found no '{list}'",
        "Give an annotation file of COCO's format for object detection.");

    private static List<CocoImage> ReadImages(ref JsonCursor cursor)
    {
        var images = new List<CocoImage>();
        cursor.EnterSection("image");
        cursor.Next();
        cursor.BeginArray("'images'");
        while (cursor.NextEntry())
        {
            images.Add(ReadImage(ref cursor));
        }

        return images;
    }

    private static CocoImage ReadImage(ref JsonCursor cursor)
    {
        long? id = null;
        string? fileName = null;
        long? width = null;
        long? height = null;
        cursor.BeginObject("an image");
        while (cursor.NextProperty())
        {
            if (cursor.NameIs("id"u8))
            {
                id = cursor.ReadInteger("id");
                cursor.EntryIs(id.Value);
            }
            else if (cursor.NameIs("file_name"u8))
            {
                fileName = cursor.ReadText("file_name");
            }
            else if (cursor.NameIs("width"u8))
            {
                width = cursor.ReadInteger("width");
            }
            else if (cursor.NameIs("height"u8))
            {
                height = cursor.ReadInteger("height");
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return new CocoImage(
            Required(ref cursor, id, "id"),
            fileName ?? throw Lacks(ref cursor, "file_name"),
            Pixels(ref cursor, width, "width"),
            Pixels(ref cursor, height, "height"));
    }

    private static int Pixels(ref JsonCursor cursor, long? value, string what)
    {
        var pixels = Required(ref cursor, value, what);
        return pixels is > 0 and <= int.MaxValue
            ? (int)pixels
            : throw cursor.Error($"{what} must be a count of pixels above 0, found {pixels}", "Mend the entry.");
    }

    private static List<CocoCategory> ReadCategories(ref JsonCursor cursor)
    {
        var categories = new List<CocoCategory>();
        cursor.EnterSection("category");
        cursor.Next();
        cursor.BeginArray("'categories'");
        while (cursor.NextEntry())
        {
            long? id = null;
            string? name = null;
            cursor.BeginObject("a category");
            while (cursor.NextProperty())
            {
                if (cursor.NameIs("id"u8))
                {
                    id = cursor.ReadInteger("id");
                    cursor.EntryIs(id.Value);
                }
                else if (cursor.NameIs("name"u8))
                {
                    name = cursor.ReadText("name");
                }
                else
                {
                    cursor.SkipValue();
                }
            }

            categories.Add(new CocoCategory(Required(ref cursor, id, "id"), name ?? throw Lacks(ref cursor, "name")));
        }

        return categories;
    }

    private static List<CocoAnnotation> ReadAnnotations(ref JsonCursor cursor, out int withoutArea)
    {
        var annotations = new List<CocoAnnotation>();
        withoutArea = 0;
        cursor.EnterSection("annotation");
        cursor.Next();
        cursor.BeginArray("'annotations'");
        var fields = new AnnotationFields();
        while (cursor.NextEntry())
        {
            fields.Clear();
            cursor.BeginObject("an annotation");
            while (cursor.NextProperty())
            {
                fields.Read(ref cursor);
            }

            annotations.Add(fields.Build(ref cursor));
            withoutArea += fields.HasArea ? 0 : 1;
        }

        return annotations;
    }

    private static long Required(ref JsonCursor cursor, long? value, string what) =>
        value ?? throw Lacks(ref cursor, what);

    private static DatasetException Lacks(ref JsonCursor cursor, string what) =>
        cursor.Error($"'{what}' is required, and missing", "Add it to the entry.");

    /// <summary>The fields of one annotation, in whatever order they come.</summary>
    private struct AnnotationFields
    {
        private long? _id;
        private long? _imageId;
        private long? _categoryId;
        private double? _area;
        private bool _hasBox;
        private CocoAnnotation _rest;

        internal readonly bool HasArea => _area.HasValue;

        internal void Clear() => this = default;

        internal void Read(ref JsonCursor cursor)
        {
            if (cursor.NameIs("id"u8))
            {
                _id = cursor.ReadInteger("id");
                cursor.EntryIs(_id.Value);
            }
            else if (cursor.NameIs("image_id"u8))
            {
                _imageId = cursor.ReadInteger("image_id");
                cursor.EntryIsOfImage(_imageId.Value);
            }
            else if (cursor.NameIs("category_id"u8))
            {
                _categoryId = cursor.ReadInteger("category_id");
            }
            else if (cursor.NameIs("bbox"u8))
            {
                var (x, y, width, height) = cursor.ReadBox();
                _rest = _rest with { X = x, Y = y, Width = width, Height = height };
                _hasBox = true;
            }
            else
            {
                ReadRare(ref cursor);
            }
        }

        internal readonly CocoAnnotation Build(ref JsonCursor cursor)
        {
            if (!_hasBox)
            {
                throw Lacks(ref cursor, "bbox");
            }

            return _rest with
            {
                Id = Required(ref cursor, _id, "id"),
                ImageId = Required(ref cursor, _imageId, "image_id"),
                CategoryId = Required(ref cursor, _categoryId, "category_id"),
                Area = _area ?? _rest.Width * _rest.Height,
            };
        }

        private void ReadRare(ref JsonCursor cursor)
        {
            if (cursor.NameIs("area"u8))
            {
                _area = cursor.ReadNumber("area");
            }
            else if (cursor.NameIs("iscrowd"u8))
            {
                _rest = _rest with { IsCrowd = cursor.ReadFlag("iscrowd") };
            }
            else if (cursor.NameIs("ignore"u8))
            {
                _rest = _rest with { IsIgnored = cursor.ReadFlag("ignore") };
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }
}
